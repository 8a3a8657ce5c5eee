import { feeOf, type Stake, settlementOf, sharesOf } from '@agent-registry/domain';
import { formatCents, JOB_OUTCOMES, type JobOutcome } from '@agent-registry/schemas';
import { escapeHtml, table } from './html.ts';

/** The job of the example: 100.00 agreed, a bond of 10.00, 20.00 to pay for leaving. */
const STAKE: Stake = {
  jobId: 'job',
  clientId: 'client',
  sellerId: 'seller',
  price: 10_000n,
  bond: 1_000n,
  clientAbortPenalty: 2_000n,
  feeRatePpm: 25_000,
  feeRule: 'up',
};

const MEANINGS: Readonly<Record<JobOutcome, string>> = {
  passed: 'the tests passed',
  completed_by_client: 'the client accepted',
  review_window_over: 'the client said nothing in time',
  client_aborted: 'the client left after funding',
  seller_aborted: 'the seller left after funding',
  never_delivered: 'the deadline passed without a delivery',
  deliveries_used_up: 'the last delivery failed the tests',
  deadline_after_delivery: 'a delivery failed, and the deadline passed',
  failed_by_client: 'the client refused the work, where there are no tests',
  verification_unavailable: 'the registry could not judge',
  resolved: 'an operator decided, or the parties agreed',
  cancelled: 'cancelled before funding',
  expired: 'nobody answered, or nobody funded',
};

/** Who gets what by how a job ended, computed by the rules that pay. */
export function settlementTable(): string {
  const rows = JOB_OUTCOMES.map((outcome) => {
    const what = `${escapeHtml(MEANINGS[outcome])} <small>${outcome}</small>`;
    if (outcome === 'resolved') return [what, 'its share', 'its share, less the fee', 'on what it earns'];
    if (outcome === 'cancelled' || outcome === 'expired') return [what, '–', '–', '–'];
    const { client, seller } = sharesOf(settlementOf(outcome, STAKE).transfers, STAKE);
    const fee = STAKE.price + STAKE.bond - client - seller;
    return [what, ...[client, seller, fee].map(formatCents)];
  });
  return table(['how it ended', 'client gets', 'seller gets', 'fee'], rows);
}

/** What the fee comes to, by the rule that takes it. */
export function feeTable(ratePpm: number): string {
  const rows = [1n, 40n, 41n, 1_250n, 2_000n, 10_000n].map((price) => {
    const fee = feeOf(price, ratePpm, 'up');
    return [price, fee, price - fee].map(formatCents);
  });
  return table(['price', 'fee', 'seller gets'], rows);
}
