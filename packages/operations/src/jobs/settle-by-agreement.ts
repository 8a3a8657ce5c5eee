import { abandonRuns, type JobRow } from '@agent-registry/db';
import { AWAITING_VERDICT_STATUSES, type JobAction, offerStands } from '@agent-registry/domain';
import { fieldRefusal, formatCents, parseCents, RegistryError } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import { invariant, type Op } from '../op.ts';
import { appendNegotiation, type NegotiatedJob, stepsOf } from './append-negotiation.ts';
import { loadJob } from './load-job.ts';
import { settleBySplit } from './settle-job.ts';
import { verdictKey } from './settle-verification.ts';
import { transition } from './transition.ts';

/** Offers that each party of a job may make. */
export const SETTLEMENT_OFFERS_MAX = 20;

/** A division of what a job holds, cents. */
export interface Shares {
  readonly clientShare: bigint;
  readonly sellerShare: bigint;
}

/** @throws RegistryError validation_failed where the shares are not exactly what the job holds. */
export function assertShares(job: JobRow, { clientShare, sellerShare }: Shares): void {
  const held = job.price + job.seller_abort_penalty;
  if (clientShare + sellerShare === held) return;
  throw fieldRefusal(
    'client_share',
    `client_share and seller_share must add up to ${formatCents(held)}, what is held`,
  );
}

/**
 * A party offers to divide what the job holds. The offer stands in the negotiation log until another replaces it, or the job
 * moves on.
 *
 * @throws RegistryError not_found, invalid_state, rounds_exhausted, validation_failed.
 */
export async function offerSettlement(
  op: Op,
  input: Shares & { jobId: string; actorId: string; note: string | null },
): Promise<NegotiatedJob> {
  const job = await loadHolding(op, input, 'offer_settlement');
  assertShares(job, input);
  const made = stepsOf(job).filter(({ kind, by }) => kind === 'settlement_offer' && by === input.actorId);
  if (made.length >= SETTLEMENT_OFFERS_MAX) {
    const detail = `You have made ${SETTLEMENT_OFFERS_MAX} offers to settle this job: the other party may accept the last, or offer.`;
    throw new RegistryError('rounds_exhausted', detail);
  }
  const shares = {
    client_share: formatCents(input.clientShare),
    seller_share: formatCents(input.sellerShare),
  };
  const offered = appendNegotiation(op, transition(op, job, 'offer_settlement'), {
    kind: 'settlement_offer',
    by: input.actorId,
    message: input.note,
    members: { ...shares, job_status: job.status, deliveries: job.delivery_count },
  });
  const data = {
    by: input.actorId,
    ...shares,
    note: input.note,
    offer_hash: offered.negotiation.at(-1)!.hash,
  };
  emitJobEvent(op, offered, 'job.settlement_offered', data, input.actorId);
  return offered;
}

/**
 * Pays out the other party's newest offer, as an operator's decision would be. A test run that is under way ends without a
 * verdict.
 *
 * @param input.offerHash of the offer that is meant.
 * @throws RegistryError not_found, invalid_state, own_offer.
 */
export async function acceptSettlement(
  op: Op,
  input: { jobId: string; actorId: string; offerHash: string },
): Promise<NegotiatedJob> {
  const job = await loadHolding(op, input, 'accept_settlement');
  const { clientShare, sellerShare } = findOffer(job, input);
  const settled = await settleBySplit(op, job, { clientShare, sellerShare, by: 'agreement' });
  if (AWAITING_VERDICT_STATUSES.includes(job.status)) {
    await abandonRuns(op.trx, job.job_id, op.now);
    op.announcements.push(verdictKey(job.job_id));
  }
  const resolved = transition(op, job, 'accept_settlement', {
    outcome: 'resolved',
    outcome_reason: 'settled by agreement',
    resolved_by: 'agreement',
    ...settled,
  });
  const shares = { client_share: formatCents(clientShare), seller_share: formatCents(sellerShare) };
  const negotiated = appendNegotiation(op, resolved, {
    kind: 'settlement_accept',
    by: input.actorId,
    members: { ...shares, offer_hash: input.offerHash },
  });
  emitJobEvent(op, resolved, 'job.resolved', { ...shares, by: 'agreement' });
  return negotiated;
}

async function loadHolding(
  op: Op,
  { jobId, actorId }: { jobId: string; actorId: string },
  action: JobAction,
): Promise<NegotiatedJob> {
  const { job } = await loadJob(op, jobId, actorId, action);
  if (job.settled_at !== null)
    throw new RegistryError('invalid_state', 'The job is settled: it holds no money any more.');
  return job;
}

/** The offer that may be accepted. @throws RegistryError invalid_state, own_offer. */
function findOffer(job: NegotiatedJob, input: { actorId: string; offerHash: string }): Shares {
  const offer = stepsOf(job).findLast(({ kind }) => kind === 'settlement_offer');
  const refuse = (detail: string): never => {
    throw new RegistryError('invalid_state', detail);
  };
  if (offer === undefined) return refuse('There is no offer to settle this job.');
  if (offer.hash !== input.offerHash)
    return refuse(`The newest offer is ${offer.hash}, not the one you named: read the job again.`);
  if (offer.by === input.actorId) {
    throw new RegistryError('own_offer', 'You made the newest offer: the other party may accept it.');
  }
  const made = { status: offer.job_status ?? job.status, deliveries: offer.deliveries ?? 0 };
  if (!offerStands(made, { status: job.status, deliveries: job.delivery_count }))
    return refuse(
      `The offer was made when the job was ${made.status}, and ended when it moved on: offer anew.`,
    );
  const [clientShare, sellerShare] = [offer.client_share, offer.seller_share].map((share) =>
    parseCents(share ?? ''),
  );
  invariant(clientShare != null && sellerShare != null, 'an offer to settle has its shares');
  return { clientShare, sellerShare };
}
