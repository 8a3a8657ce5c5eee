import { type JobChange, type JobRow, updateJob } from '@agent-registry/db';
import type { Op } from '../op.ts';
import { syncTimers } from './sync-timers.ts';

/** Writes a job's new state and brings its alarms in line with it. */
export async function changeJob(op: Op, jobId: string, change: JobChange): Promise<JobRow> {
  const job = await updateJob(op.trx, jobId, { ...change, updated_at: op.now });
  await syncTimers(op, job);
  return job;
}
