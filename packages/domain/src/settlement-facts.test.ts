import { FEE_RULES, JOB_OUTCOMES, type JobOutcome } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Stake, split } from './postings.ts';
import { settlementOf } from './settlement.ts';
import { type SettledJob, settlementFacts } from './settlement-facts.ts';

const JOB: SettledJob = {
  outcome: 'passed',
  price: 10_000n,
  bond: 1_000n,
  feeRatePpm: 25_000,
  feeRule: 'up',
  sellerShare: 0n,
  hasFailed: false,
  wasDisputed: false,
  resolvedBy: 'operator',
};
const factsOf = (change: Partial<SettledJob>) => settlementFacts({ ...JOB, ...change });
const faultOf = (outcome: JobOutcome, change: Partial<SettledJob> = {}) =>
  factsOf({ outcome, hasFailed: true, ...change }).fault;

test.each([
  [1n, 1n],
  [41n, 2n],
  [1_000n, 20n],
  [4_000n, 100n],
  [5_000n, 100n],
  [399_600n, 9_000n],
])('a job of %s cents that was paid shows a fee of %s, the fee to its first digit', (price, floor) => {
  expect(factsOf({ price })).toEqual({ feeFloor: floor, stakeFloor: floor, fault: null });
});

test.each([
  ['passed', null],
  ['completed_by_client', null],
  ['review_window_over', null],
  ['client_aborted', 'client'],
  ['seller_aborted', 'seller'],
  ['never_delivered', 'seller'],
  ['deliveries_used_up', 'seller'],
  ['deadline_after_delivery', 'seller'],
  ['failed_by_client', 'seller'],
  ['verification_unavailable', null],
  ['cancelled', null],
  ['expired', null],
] as const)('a job that nobody disputed and that ended %s blames %s', (outcome, fault) => {
  expect(faultOf(outcome)).toBe(fault);
});

test('a dispute that closed by time blames nobody, whatever the job had failed of', () => {
  for (const outcome of ['deliveries_used_up', 'deadline_after_delivery', 'failed_by_client'] as const)
    expect(faultOf(outcome, { wasDisputed: true })).toBeNull();
});

test('an operator’s resolution blames the seller where it gave it nothing of a job that failed', () => {
  expect(faultOf('resolved', { wasDisputed: true })).toBe('seller');
  expect(faultOf('resolved', { wasDisputed: true, sellerShare: 1n })).toBeNull();
});

test('a resolution after an outage blames nobody, and neither does one by the parties', () => {
  expect(faultOf('resolved', { wasDisputed: true, hasFailed: false })).toBeNull();
  expect(faultOf('resolved', { wasDisputed: true, resolvedBy: 'parties' })).toBeNull();
});

test('the facts show the fee that the postings pay, to its first digit, and no more', () => {
  const jobs = fc.record({
    outcome: fc.constantFrom(...JOB_OUTCOMES.filter((end) => end !== 'cancelled' && end !== 'expired')),
    price: fc.bigInt({ min: 1n, max: 100_000_000n }),
    bond: fc.bigInt({ min: 0n, max: 100_000_000n }),
    share: fc.bigInt({ min: 0n, max: 200_000_000n }),
    feeRatePpm: fc.integer({ min: 0, max: 999_999 }),
    feeRule: fc.constantFrom(...FEE_RULES),
  });
  fc.assert(
    fc.property(jobs, ({ outcome, share, ...stakes }) => {
      const held = stakes.price + stakes.bond;
      const stake: Stake = {
        ...stakes,
        jobId: 'job',
        clientId: 'c',
        sellerId: 's',
        clientAbortPenalty: 0n,
      };
      const sellerShare = share % (held + 1n);
      const transfers =
        outcome === 'resolved'
          ? split(stake, held - sellerShare, sellerShare)
          : settlementOf(outcome, stake).transfers;
      const fee = transfers
        .flatMap(({ postings }) => postings)
        .reduce((sum, { account, amount }) => (account.kind === 'fees' ? sum + amount : sum), 0n);
      const { feeFloor, stakeFloor } = factsOf({ ...stakes, outcome, sellerShare });
      expect(feeFloor <= fee && fee < feeFloor * 2n + (fee === 0n ? 1n : 0n)).toBe(true);
      expect(feeFloor.toString()).toMatch(/^\d0*$/);
      expect(feeFloor <= stakeFloor).toBe(true);
    }),
  );
});
