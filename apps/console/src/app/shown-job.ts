import type { Evidence, Fees, Job, JobStatus, TimelineEvent, VerificationRun } from '@agent-registry/client';
import { cents, type Stakes } from './money.ts';

/** All that a party reads of a job. */
export interface ShownJob {
  readonly job: Job;
  readonly runs: readonly VerificationRun[];
  readonly timeline: readonly TimelineEvent[];
  readonly evidence: readonly Evidence[];
  readonly fees: Fees;
}

/** In these a job holds its price and bond. */
export const HOLDING_STATES: readonly JobStatus[] = [
  'funded',
  'in_progress',
  'delivered',
  'verifying',
  'failed',
  'disputed',
];

/** What is at stake, in cents. */
export function stakesOf({ job, fees }: Pick<ShownJob, 'job' | 'fees'>): Stakes {
  return {
    price: cents(job.agreed_price),
    bond: cents(job.seller_abort_penalty),
    clientPenalty: cents(job.client_abort_penalty),
    rate: fees.platform_fee_percent,
  };
}
