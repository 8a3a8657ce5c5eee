import type { JobStatus } from '@agent-registry/schemas';

/** Where a job stands, as far as an offer to settle it depends on that. */
export interface SettlementStage {
  readonly status: JobStatus;
  /** Deliveries so far. */
  readonly deliveries: number;
}

/** States between which nothing happens that would change what an offer is worth. */
const STAGES: Readonly<Partial<Record<JobStatus, string>>> = {
  funded: 'working',
  in_progress: 'working',
  delivered: 'delivered',
  verifying: 'delivered',
  failed: 'failed',
  disputed: 'failed',
};

/**
 * Whether an offer that was made at one stage of a job may be accepted at another. A delivery, a verdict and a failure change
 * what it is worth, and end it; starting the work, the start of a test run and a dispute about the same failure do not.
 */
export function offerStands(made: SettlementStage, now: SettlementStage): boolean {
  const stage = STAGES[made.status];
  return stage !== undefined && stage === STAGES[now.status] && made.deliveries === now.deliveries;
}
