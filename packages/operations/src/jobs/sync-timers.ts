import { deleteOutbox, type JobRow, listTimers } from '@agent-registry/db';
import { type TimedJob, wantedTimers } from '@agent-registry/domain';
import type { JobTimer } from '@agent-registry/schemas';
import type { Op } from '../op.ts';
import { schedule } from '../outbox.ts';

/** What the rules of time read of a job's row. */
export function timedJob(job: JobRow): TimedJob {
  return {
    status: job.status,
    hasCriteria: job.acceptance_criteria !== null,
    lastOfferAt: job.last_offer_at,
    agreedAt: job.agreed_at,
    deadline: job.delivery_deadline,
    warnedFor: job.deadline_warned_for,
    deliveredAt: job.delivered_at,
    failedAt: job.failed_at,
    disputedAt: job.disputed_at,
    settled: job.settled_at !== null,
  };
}

/** The outbox subject of a job's alarm. */
export function timerSubject(jobId: string, timer: JobTimer): string {
  return `${jobId}:${timer}`;
}

/** Makes a job's alarms those its state wants: drops the others, sets the new, moves those whose time changed. */
export async function syncTimers(op: Op, job: JobRow): Promise<void> {
  const wanted = wantedTimers(timedJob(job), op.rules);
  const subjects = new Set(wanted.map(({ timer }) => timerSubject(job.job_id, timer)));
  for (const row of await listTimers(op.trx, job.job_id)) {
    if (!subjects.has(row.subject)) await deleteOutbox(op.trx, row);
  }
  for (const { timer, dueAt } of wanted) {
    await schedule(op, {
      kind: 'timer',
      subject: timerSubject(job.job_id, timer),
      cycle: 1,
      attempt: 1,
      jobId: job.job_id,
      dueAt,
    });
  }
}
