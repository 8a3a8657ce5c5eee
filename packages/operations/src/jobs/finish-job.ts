import type { JobRow } from '@agent-registry/db';
import type { JobAction } from '@agent-registry/domain';
import type { JobOutcome } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import type { Op } from '../op.ts';
import { settleByRule } from './settle-job.ts';
import { transition } from './transition.ts';

const PAID_BY = {
  pass: 'passed',
  complete: 'completed_by_client',
  review_over: 'review_window_over',
} as const satisfies Partial<Record<JobAction, JobOutcome>>;

/** The work is accepted, by the suite, the client or the client's silence: the seller is paid at once. */
export async function payOut<T extends JobRow>(op: Op, job: T, action: keyof typeof PAID_BY): Promise<T> {
  const outcome = PAID_BY[action];
  const settled = await settleByRule(op, job, outcome);
  const completed = transition(op, job, action, { outcome, ...settled });
  emitJobEvent(op, completed, 'job.completed', { seller_agent_id: completed.seller_agent_id });
  return completed;
}

/** The work failed. Who gets what waits for the dispute window, except where nothing was ever delivered. */
export async function failWith<T extends JobRow>(
  op: Op,
  job: T,
  action: 'fail' | 'exhaust' | 'deadline',
  outcome: JobOutcome,
  reason: string,
): Promise<T> {
  const settled = outcome === 'never_delivered' ? await settleByRule(op, job, outcome) : {};
  const failed = transition(op, job, action, {
    outcome,
    outcome_reason: reason,
    failed_at: op.now,
    ...settled,
  });
  emitJobEvent(op, failed, 'job.failed', { reason });
  return failed;
}

/** Puts a job before an operator. */
export function openDispute<T extends JobRow>(
  op: Op,
  job: T,
  action: 'dispute' | 'give_up_verifying',
  dispute: { by: string | null; reason: string | null; outcome: JobOutcome },
): T {
  const disputed = transition(op, job, action, {
    outcome: dispute.outcome,
    disputed_at: op.now,
  });
  emitJobEvent(op, disputed, 'job.disputed', { by: dispute.by, reason: dispute.reason });
  return disputed;
}
