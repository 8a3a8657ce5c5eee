import { type JobRow, renewOutbox, TASK_LEAD_MS } from '@agent-registry/db';
import { wantedTimers } from '@agent-registry/domain';
import { formatCents, type JobTimer } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import { invariant, type Op } from '../op.ts';
import { endUnfunded } from './cancel-job.ts';
import { failWith, payOut } from './finish-job.ts';
import { lockJob } from './lock-job.ts';
import { settleByRule } from './settle-job.ts';
import { timedJob, timerSubject } from './timed-job.ts';
import { transition } from './transition.ts';
import { disputeUnavailable } from './verify-run.ts';

export type TimerResult = 'acted' | 'early' | 'nothing';

/**
 * Acts on a job's timer if its state still wants it and its time has come. Too early (its time was moved)
 * leads to the next task, by the sweep where that is not within the hour; twice, or too late, changes nothing.
 */
export async function actOnTimer(op: Op, input: { jobId: string; timer: JobTimer }): Promise<TimerResult> {
  const job = await lockJob(op, input.jobId);
  if (job === undefined) return 'nothing';
  const wanted = wantedTimers(timedJob(job), op.rules).find(({ timer }) => timer === input.timer);
  if (wanted === undefined) {
    op.outbox.jobs.set(job.job_id, job);
    return 'nothing';
  }
  if (wanted.dueAt > op.now) {
    await renewTimer(op, input);
    return 'early';
  }
  await ACTIONS[input.timer](op, job);
  return 'acted';
}

async function renewTimer(op: Op, input: { jobId: string; timer: JobTimer }): Promise<void> {
  const subject = timerSubject(input.jobId, input.timer);
  const renewed = await renewOutbox(op.trx, { kind: 'timer', subject, cycle: 1, attempt: 1 });
  if (renewed !== undefined && renewed.due_at.getTime() - op.now.getTime() <= TASK_LEAD_MS)
    op.outbox.due.push(renewed);
}

const ACTIONS: Readonly<Record<JobTimer, (op: Op, job: JobRow) => Promise<unknown>>> = {
  proposal_expiry: async (op, job) =>
    endUnfunded(op, job, { action: 'expire', outcome: 'expired', reason: 'the proposal expired', by: null }),
  funding_window: async (op, job) =>
    endUnfunded(op, job, {
      action: 'expire',
      outcome: 'expired',
      reason: 'the funding window closed',
      by: null,
    }),
  deadline_warning: async (op, job) => warn(op, job),
  delivery_deadline: (op, job) =>
    job.delivery_count === 0
      ? failWith(op, job, 'deadline', 'never_delivered', 'the deadline passed and nothing was delivered')
      : failWith(
          op,
          job,
          'deadline',
          'deadline_after_delivery',
          'the deadline passed before a delivery was accepted',
        ),
  review_window: (op, job) => payOut(op, job, 'review_over'),
  verification_limit: disputeUnavailable,
  dispute_window: async (op, job) => {
    invariant(job.outcome !== null, 'a failed job has an outcome');
    return transition(op, job, 'settle', await settleByRule(op, job, job.outcome));
  },
  dispute_resolution: closeDispute,
};

function warn(op: Op, job: JobRow): void {
  invariant(job.delivery_deadline !== null, 'a funded job has a deadline');
  const warned = transition(op, job, 'warn', { deadline_warned_for: job.delivery_deadline });
  emitJobEvent(op, warned, 'job.deadline_warning', {
    delivery_deadline: job.delivery_deadline.toISOString(),
  });
}

/** A dispute that nobody resolved pays as the job would have without it. */
async function closeDispute(op: Op, job: JobRow): Promise<void> {
  invariant(job.outcome !== null, 'a disputed job has an outcome');
  const settled = await settleByRule(op, job, job.outcome);
  const resolved = transition(op, job, 'close_dispute', { ...settled, resolved_by: 'time' });
  emitJobEvent(op, resolved, 'job.resolved', {
    client_share: formatCents(settled.client_share),
    seller_share: formatCents(settled.seller_share),
    by: 'time',
  });
}
