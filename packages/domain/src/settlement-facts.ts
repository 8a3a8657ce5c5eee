import type { JobOutcome, JobRole } from '@agent-registry/schemas';
import { feeOf } from './money.ts';
import { earnedOf, type Stake } from './postings.ts';

/** A job whose escrow is empty, as far as its facts depend on it. */
export interface SettledJob extends Pick<Stake, 'price' | 'bond' | 'feeRatePpm' | 'feeRule'> {
  readonly outcome: JobOutcome;
  /** Cents that the seller got of a split, its fee included; other outcomes do not read it. */
  readonly sellerShare: bigint;
  /** Whether a verdict, its client or the clock ever said that it failed: an outage leads to a dispute without that. */
  readonly hasFailed: boolean;
  /** Whether it was ever before an operator. */
  readonly wasDisputed: boolean;
  /** Who decided the split of a job that is `resolved`. */
  readonly resolvedBy: 'operator' | 'parties';
}

/** What the world may know of a settlement: enough to recompute every score, and prices only roughly. */
export interface SettlementFacts {
  /** The fee paid, cents, rounded down to one significant decimal digit. */
  readonly feeFloor: bigint;
  /** The fee that the whole price would have paid, cents, rounded down likewise. */
  readonly stakeFloor: bigint;
  /** Who is to blame; null where nobody is. */
  readonly fault: JobRole | null;
}

type Payment = 'price' | 'split' | 'nothing';
type Blame = JobRole | 'seller_unless_disputed' | 'seller_if_resolved_so' | null;

/** What the fee is taken of, and who is to blame, by how the job ended. */
const FACTS: Readonly<Record<JobOutcome, { readonly paid: Payment; readonly blame: Blame }>> = {
  passed: { paid: 'price', blame: null },
  completed_by_client: { paid: 'price', blame: null },
  review_window_over: { paid: 'price', blame: null },
  client_aborted: { paid: 'nothing', blame: 'client' },
  seller_aborted: { paid: 'nothing', blame: 'seller' },
  never_delivered: { paid: 'nothing', blame: 'seller' },
  // A dispute that closed by time pays by its outcome still, but nobody has looked: it blames nobody.
  deliveries_used_up: { paid: 'nothing', blame: 'seller_unless_disputed' },
  deadline_after_delivery: { paid: 'nothing', blame: 'seller_unless_disputed' },
  failed_by_client: { paid: 'nothing', blame: 'seller_unless_disputed' },
  verification_unavailable: { paid: 'nothing', blame: null },
  resolved: { paid: 'split', blame: 'seller_if_resolved_so' },
  cancelled: { paid: 'nothing', blame: null },
  expired: { paid: 'nothing', blame: null },
};

/** The public facts of a settlement, from how its job ended alone. */
export function settlementFacts(job: SettledJob): SettlementFacts {
  const { paid, blame } = FACTS[job.outcome];
  const feeOn = (cents: bigint) => floorToOneDigit(feeOf(cents, job.feeRatePpm, job.feeRule));
  const earned = { price: job.price, split: earnedOf(job, job.sellerShare), nothing: 0n };
  return { feeFloor: feeOn(earned[paid]), stakeFloor: feeOn(job.price), fault: faultOf(job, blame) };
}

function faultOf(job: SettledJob, blame: Blame): JobRole | null {
  if (blame === 'seller_unless_disputed') return job.wasDisputed ? null : 'seller';
  if (blame !== 'seller_if_resolved_so') return blame;
  return job.resolvedBy === 'operator' && job.hasFailed && job.sellerShare === 0n ? 'seller' : null;
}

/** An amount rounded down to its first decimal digit: 125 becomes 100. */
function floorToOneDigit(cents: bigint): bigint {
  const unit = 10n ** BigInt(cents.toString().length - 1);
  return cents - (cents % unit);
}
