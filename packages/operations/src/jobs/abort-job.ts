import { emitJobEvent } from '../emit.ts';
import type { Op } from '../op.ts';
import type { NegotiatedJob } from './append-negotiation.ts';
import { loadJob } from './load-job.ts';
import { settleByRule } from './settle-job.ts';
import { transition } from './transition.ts';

/**
 * A party leaves a funded job: the client pays its penalty, the seller forfeits its bond. Not while a delivery awaits its verdict or the client’s decision.
 *
 * @throws RegistryError not_found, invalid_state.
 */
export async function abortJob(
  op: Op,
  input: { jobId: string; actorId: string; reason: string | null },
): Promise<NegotiatedJob> {
  const { job, role } = await loadJob(op, input.jobId, input.actorId, 'abort');
  const outcome = role === 'client' ? 'client_aborted' : 'seller_aborted';
  const settled = await settleByRule(op, job, outcome);
  const reason = input.reason ?? `aborted by the ${role}`;
  const cancelled = transition(op, job, 'abort', {
    outcome,
    outcome_reason: reason,
    ...settled,
  });
  emitJobEvent(op, cancelled, 'job.cancelled', { reason, by: input.actorId });
  return cancelled;
}
