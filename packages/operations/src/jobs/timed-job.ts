import type { JobRow } from '@agent-registry/db';
import type { TimedJob } from '@agent-registry/domain';
import type { JobTimer } from '@agent-registry/schemas';

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

/** The outbox subject of a job's timer. */
export function timerSubject(jobId: string, timer: JobTimer): string {
  return `${jobId}:${timer}`;
}
