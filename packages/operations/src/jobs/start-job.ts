import { emitJobEvent } from '../emit.ts';
import type { Op } from '../op.ts';
import type { NegotiatedJob } from './append-negotiation.ts';
import { loadJob } from './load-job.ts';
import { transition } from './transition.ts';

/** The seller begins. @throws RegistryError not_found, wrong_party, invalid_state. */
export async function startJob(op: Op, input: { jobId: string; actorId: string }): Promise<NegotiatedJob> {
  const { job } = await loadJob(op, input.jobId, input.actorId, 'start');
  const started = transition(op, job, 'start', { started_at: op.now });
  emitJobEvent(op, started, 'job.started', {});
  return started;
}
