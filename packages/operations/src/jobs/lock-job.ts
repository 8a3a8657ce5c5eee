import { type JobRow, lockJob as lockJobRow } from '@agent-registry/db';
import { type Op, passTime } from '../op.ts';

/** Locks a job until the transaction ends. What then happens to it happens after all that has happened to it. */
export async function lockJob(op: Op, jobId: string): Promise<JobRow | undefined> {
  const job = await lockJobRow(op.trx, jobId);
  if (job !== undefined) passTime(op, job.updated_at);
  return job;
}
