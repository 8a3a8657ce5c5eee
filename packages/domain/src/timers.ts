import type { JobStatus, JobTimer, MarketRules } from '@agent-registry/schemas';

/** What the timers of a job depend on. */
export interface TimedJob {
  readonly status: JobStatus;
  readonly hasCriteria: boolean;
  readonly lastOfferAt: Date;
  readonly agreedAt: Date | null;
  readonly deadline: Date | null;
  /** The deadline the seller was last warned of. */
  readonly warnedFor: Date | null;
  readonly deliveredAt: Date | null;
  readonly failedAt: Date | null;
  readonly disputedAt: Date | null;
  readonly settled: boolean;
}

export interface WantedTimer {
  readonly timer: JobTimer;
  readonly dueAt: Date;
}

/**
 * The timers a job wants in the state it is in: every state that is not final has one at least, so time alone ends
 * every job. The delivery deadline runs in `funded` and `in_progress` only: the clock stops at delivery.
 */
export function wantedTimers(job: TimedJob, rules: MarketRules): WantedTimer[] {
  const after = (timer: JobTimer, from: Date | null, ms: number): WantedTimer[] =>
    from === null ? [] : [{ timer, dueAt: new Date(from.getTime() + ms) }];
  switch (job.status) {
    case 'proposed':
    case 'negotiating':
      return after('proposal_expiry', job.lastOfferAt, rules.proposalExpiryMs);
    case 'agreed':
      return after('funding_window', job.agreedAt, rules.fundingWindowMs);
    case 'funded':
    case 'in_progress':
      return [
        ...after('delivery_deadline', job.deadline, 0),
        ...(job.warnedFor?.getTime() === job.deadline?.getTime()
          ? []
          : after('deadline_warning', job.deadline, -rules.deadlineWarningMs)),
      ];
    case 'delivered':
    case 'verifying':
      return job.hasCriteria
        ? after('verification_limit', job.deliveredAt, rules.verificationErrorMs)
        : after('review_window', job.deliveredAt, rules.reviewWindowMs);
    case 'failed':
      return job.settled ? [] : after('dispute_window', job.failedAt, rules.disputeWindowMs);
    case 'disputed':
      return after('dispute_resolution', job.disputedAt, rules.disputeResolutionMs);
    case 'completed':
    case 'resolved':
    case 'cancelled':
      return [];
  }
}
