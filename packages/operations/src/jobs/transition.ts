import { type JobChange, type JobRow, updateJob } from '@agent-registry/db';
import { type JobAction, nextStatus } from '@agent-registry/domain';
import { defer, invariant, type Op } from '../op.ts';

/**
 * Moves a locked job by an action of the job machine, and brings its timers in line with the new state. Nothing else writes
 * a job's row: callers check beforehand that the action is allowed, and what is not breaks an invariant.
 *
 * @param columns what changes beside the state.
 */
export function transition<T extends JobRow>(
  op: Op,
  job: T,
  action: JobAction,
  columns: Omit<JobChange, 'status' | 'updated_at'> = {},
): T {
  const status = nextStatus(job.status, action);
  invariant(status !== null, `a job that is ${job.status} does not take ${action}`);
  const change = { ...columns, status, updated_at: op.now };
  defer(op, updateJob(op.trx, change, job.job_id));
  const changed = { ...job, ...change };
  op.outbox.jobs.set(changed.job_id, changed);
  return changed;
}
