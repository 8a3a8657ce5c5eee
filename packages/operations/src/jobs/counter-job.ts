import { formatCents, RegistryError } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import type { Op } from '../op.ts';
import { appendNegotiation, type NegotiatedJob } from './append-negotiation.ts';
import { loadJob } from './load-job.ts';
import { assertTerms } from './propose-job.ts';
import { transition } from './transition.ts';

export interface CounterOffer {
  readonly jobId: string;
  readonly actorId: string;
  readonly price: bigint;
  readonly clientAbortPenalty?: bigint | undefined;
  readonly sellerAbortPenalty?: bigint | undefined;
  readonly counterTerms?: unknown;
  readonly acceptedTerms?: unknown;
  readonly message?: string | null | undefined;
}

/**
 * Puts another offer on the table. What it leaves out stays as it was; the terms that result are checked as a whole.
 *
 * @throws RegistryError not_found, invalid_state, own_offer, rounds_exhausted, validation_failed.
 */
export async function counterJob(op: Op, offer: CounterOffer): Promise<NegotiatedJob> {
  const { job } = await loadJob(op, offer.jobId, offer.actorId, 'counter');
  // The proposer may amend its proposal once; from then on nobody uses up the rounds alone.
  if (job.current_round > 0 && job.last_offer_by === offer.actorId) {
    throw new RegistryError('own_offer', 'You made the last counter-offer: the other party may answer it.');
  }
  if (job.current_round >= job.max_rounds) {
    throw new RegistryError('rounds_exhausted', `All ${job.max_rounds} rounds are used: accept or cancel.`);
  }
  const clientAbortPenalty = offer.clientAbortPenalty ?? job.client_abort_penalty;
  const sellerAbortPenalty = offer.sellerAbortPenalty ?? job.seller_abort_penalty;
  assertTerms(offer.price, clientAbortPenalty, sellerAbortPenalty);
  const changed = transition(op, job, 'counter', {
    price: offer.price,
    client_abort_penalty: clientAbortPenalty,
    seller_abort_penalty: sellerAbortPenalty,
    current_round: job.current_round + 1,
    last_offer_by: offer.actorId,
    last_offer_at: op.now,
  });
  const negotiated = appendNegotiation(op, changed, {
    kind: 'counter',
    by: offer.actorId,
    counterTerms: offer.counterTerms,
    acceptedTerms: offer.acceptedTerms,
    message: offer.message ?? null,
  });
  emitJobEvent(
    op,
    changed,
    'job.counter_received',
    { from_agent_id: offer.actorId, proposed_price: formatCents(offer.price) },
    offer.actorId,
  );
  return negotiated;
}
