import type { JobRow } from '@agent-registry/db';
import type { JobOutcome } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import type { Op } from '../op.ts';
import { changeJob } from './change-job.ts';
import { settleByRule } from './settle-job.ts';

/** The work is accepted, by the suite, the client or the client's silence: the seller is paid at once. */
export async function payOut(op: Op, job: JobRow, outcome: JobOutcome): Promise<JobRow> {
  const settled = await settleByRule(op, job, outcome);
  const completed = await changeJob(op, job.job_id, { status: 'completed', outcome, ...settled });
  await emitJobEvent(op, completed, 'job.completed', { seller_agent_id: completed.seller_agent_id });
  return completed;
}

/** The work failed. Who gets what waits for the dispute window, except where nothing was ever delivered. */
export async function failWith(op: Op, job: JobRow, outcome: JobOutcome, reason: string): Promise<JobRow> {
  const settled = outcome === 'never_delivered' ? await settleByRule(op, job, outcome) : {};
  const failed = await changeJob(op, job.job_id, {
    status: 'failed',
    outcome,
    outcome_reason: reason,
    failed_at: op.now,
    ...settled,
  });
  await emitJobEvent(op, failed, 'job.failed', { reason });
  return failed;
}

/** Puts a job before an operator. */
export async function openDispute(
  op: Op,
  job: JobRow,
  dispute: { by: string | null; reason: string | null; outcome: JobOutcome },
): Promise<JobRow> {
  const disputed = await changeJob(op, job.job_id, {
    status: 'disputed',
    outcome: dispute.outcome,
    disputed_at: op.now,
  });
  await emitJobEvent(op, disputed, 'job.disputed', { by: dispute.by, reason: dispute.reason });
  return disputed;
}
