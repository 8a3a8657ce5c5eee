import type { JobRow } from '@agent-registry/db';
import {
  type JobAction,
  nextStatus,
  type TimedJob,
  type WantedTimer,
  wantedTimers,
} from '@agent-registry/domain';
import type { JobTimer, MarketRules } from '@agent-registry/schemas';

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

/** The timer that has ended a job's state, whether or not anything has acted on it; undefined while there is time. */
export function findEndedTimer(job: JobRow, rules: MarketRules, now: Date): WantedTimer | undefined {
  return wantedTimers(timedJob(job), rules).find(
    ({ timer, dueAt }) => timer !== 'deadline_warning' && dueAt <= now,
  );
}

/** Whether a job takes an action of a party's now: its state allows it, and the time of that state is not up. */
export function takesAction(job: JobRow, action: JobAction, rules: MarketRules, now: Date): boolean {
  return nextStatus(job.status, action) !== null && findEndedTimer(job, rules, now) === undefined;
}

/** The outbox subject of a job's timer. */
export function timerSubject(jobId: string, timer: JobTimer): string {
  return `${jobId}:${timer}`;
}
