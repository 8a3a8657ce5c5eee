import { insertRun, type JobRow } from '@agent-registry/db';
import { emitJobEvent } from '../emit.ts';
import { defer, type Op } from '../op.ts';
import { schedule } from '../outbox.ts';
import type { NegotiatedJob } from './append-negotiation.ts';
import { loadJob } from './load-job.ts';
import { laneOf } from './next-run.ts';
import { transition } from './transition.ts';

/**
 * The seller delivers; the delivery clock stops. With criteria a run is due at once.
 *
 * @param input.result JSON text of at most 512 KiB.
 * @throws RegistryError not_found, wrong_party, invalid_state.
 */
export async function deliverJob(
  op: Op,
  input: { jobId: string; actorId: string; result: string },
): Promise<NegotiatedJob> {
  const { job } = await loadJob(op, input.jobId, input.actorId, 'deliver');
  const delivered = transition(op, job, 'deliver', {
    result: input.result,
    delivery_count: job.delivery_count + 1,
    delivered_at: op.now,
  });
  if (delivered.acceptance_criteria !== null) scheduleRun(op, delivered);
  emitJobEvent(op, delivered, 'job.delivered', {});
  return delivered;
}

function scheduleRun(op: Op, job: JobRow): void {
  const runId = op.ids.next();
  const run = { run_id: runId, job_id: job.job_id, delivery: job.delivery_count, delivered_at: op.now };
  defer(op, insertRun(op.trx, run, laneOf(op, job.client_agent_id)));
  schedule(op, {
    kind: 'verification',
    subject: runId,
    cycle: 1,
    attempt: 1,
    job_id: job.job_id,
    due_at: op.now,
  });
}
