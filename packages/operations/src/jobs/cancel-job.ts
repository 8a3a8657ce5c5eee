import type { JobRow } from '@agent-registry/db';
import type { JobOutcome } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import type { Op } from '../op.ts';
import type { NegotiatedJob } from './append-negotiation.ts';
import { loadJob } from './load-job.ts';
import { transition } from './transition.ts';

/** Either party leaves before anything is funded. @throws RegistryError not_found, invalid_state. */
export async function cancelJob(
  op: Op,
  input: { jobId: string; actorId: string; reason: string | null },
): Promise<NegotiatedJob> {
  const { job } = await loadJob(op, input.jobId, input.actorId, 'cancel');
  return endUnfunded(op, job, {
    action: 'cancel',
    outcome: 'cancelled',
    reason: input.reason ?? 'cancelled',
    by: input.actorId,
  });
}

/** Ends a job that holds no money: by a party, by time, or because a party left the registry. */
export function endUnfunded<T extends JobRow>(
  op: Op,
  job: T,
  end: { action: 'cancel' | 'expire'; outcome: JobOutcome; reason: string; by: string | null },
): T {
  const cancelled = transition(op, job, end.action, {
    outcome: end.outcome,
    outcome_reason: end.reason,
    settled_at: op.now,
  });
  emitJobEvent(op, cancelled, 'job.cancelled', { reason: end.reason, by: end.by });
  return cancelled;
}
