import type { ReputationPolicy } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { feeOf } from './money.ts';
import { standingOf, type WeighedReview, weighReview } from './reputation.ts';
import { type SettledJob, settlementFacts } from './settlement-facts.ts';

const now = new Date('2026-06-01T12:00:00Z');
const DAY = 86_400_000;
const POLICY: ReputationPolicy = { fullFees: 500n, counterparties: 5 };

/** A job of a seller's that its client reviewed. */
interface Deal {
  readonly client: string;
  /** Cents. */
  readonly price: bigint;
  readonly outcome: 'completed_by_client' | 'failed_by_client' | 'verification_unavailable' | 'resolved';
  /** Cents of a resolution. */
  readonly share: bigint;
  readonly rating: number;
  readonly ageDays: number;
}

function settledJob({ price, outcome, share }: Deal): SettledJob {
  const rates = { bond: 0n, feeRatePpm: 25_000, feeRule: 'up' as const, resolvedBy: 'operator' as const };
  const isResolved = outcome === 'resolved';
  return { ...rates, price, outcome, sellerShare: share, hasFailed: isResolved, wasDisputed: isResolved };
}

const historyOf = (deals: readonly Deal[]): WeighedReview[] =>
  deals.map((deal, index) => ({
    reviewId: `v${String(index).padStart(6, '0')}`,
    reviewerId: deal.client,
    rating: deal.rating,
    createdAt: new Date(now.getTime() - deal.ageDays * DAY),
    ...weighReview(settlementFacts(settledJob(deal)), 'seller', deal.rating),
  }));

const feesOf = (deals: readonly Deal[]): bigint =>
  deals.reduce((sum, { price, outcome, share }) => {
    const earned = { completed_by_client: price, resolved: share };
    return sum + feeOf(outcome in earned ? earned[outcome as keyof typeof earned] : 0n, 25_000, 'up');
  }, 0n);

/** `count` paid jobs, all five stars unless said otherwise, by as many clients as are named, ten a day of each at most. */
function paid(
  count: number,
  price: bigint,
  { clients = count, name = 'client', ratingOf = (_: number): number => 5 } = {},
): Deal[] {
  return Array.from({ length: count }, (_, index) => ({
    client: `${name}${index % clients}`,
    price,
    outcome: 'completed_by_client',
    share: 0n,
    rating: ratingOf(index % clients),
    ageDays: Math.floor(index / clients / 10),
  }));
}

const failed = (count: number, rating: number, name: string): Deal[] =>
  paid(count, 4_000n, { name, ratingOf: () => rating }).map((deal) => ({
    ...deal,
    outcome: 'failed_by_client',
  }));

/** One in five gives four stars: a mean of 4.8. */
const content = (client: number): number => (client % 5 === 0 ? 4 : 5);
const cheapest = paid(5, 4_000n, { name: 'sybil' });
const victims = failed(10, 1, 'victim');

test.each([
  ['twenty jobs of a cent', paid(20, 1n), 0.2, 20n, 20n],
  ['500 of a cent by 20 Sybils', paid(500, 1n, { clients: 20 }), 5, 500n, 500n],
  ['500 of a cent by one Sybil', paid(500, 1n, { clients: 1 }), 1, 500n, 500n],
  ['five of 40.00 by five Sybils', cheapest, 5, 500n, 500n],
  ['those, then ten victims of 40.00', [...cheapest, ...victims], 2.33, 500n, 500n],
  [
    'those, then fifty free failures with four stars',
    [...cheapest, ...victims, ...failed(50, 4, 'friend')],
    2.33,
    500n,
    500n,
  ],
  ['twenty honest ones of 10.00', paid(20, 1_000n, { ratingOf: content }), 3.84, 400n, 500n],
  ['25 honest ones of 10.00', paid(25, 1_000n, { ratingOf: content }), 4.8, 500n, 625n],
  [
    '100 honest ones of 50.00 by 40 clients',
    paid(100, 5_000n, { clients: 40, ratingOf: content }),
    4.8,
    10_000n,
    12_500n,
  ],
  [
    '100 honest ones of 50.00 with five stars and five Sybils’ undisputed failures of 40.00',
    [...paid(100, 5_000n, { clients: 40 }), ...failed(5, 1, 'sybil')],
    4.56,
    10_000n,
    12_500n,
  ],
  ['sixty of 0.50', paid(60, 50n), 1.2, 120n, 120n],
])('%s make a score and an attack cost to the hundredth', (_, deals, score, attackCost, fees) => {
  expect(standingOf(historyOf(deals), now, POLICY)).toMatchObject({ score, attackCost });
  expect(feesOf(deals)).toBe(fees);
});

const deals: fc.Arbitrary<Deal> = fc.record({
  client: fc.integer({ min: 0, max: 12 }).map((n) => `client${n}`),
  price: fc.oneof(fc.bigInt({ min: 1n, max: 500n }), fc.bigInt({ min: 1n, max: 1_000_000n })),
  outcome: fc.constantFrom(
    'completed_by_client',
    'completed_by_client',
    'failed_by_client',
    'verification_unavailable',
    'resolved',
  ),
  share: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 100n })),
  rating: fc.integer({ min: 1, max: 5 }),
  ageDays: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 200 })),
});
const histories = fc.array(deals, { maxLength: 80 });
const policies: fc.Arbitrary<ReputationPolicy> = fc.record({
  fullFees: fc.bigInt({ min: 1n, max: 2_000n }),
  counterparties: fc.integer({ min: 1, max: 9 }),
});
const RUNS = { numRuns: 1_000 };
const NEWEST = { ageDays: 0 };

const hundredths = (score: number) => BigInt(Math.round(score * 100));
function isNotAbove(after: number | null, before: number | null): boolean {
  return after === null || before === null || after <= before;
}

test('a score costs its share of the full fees in weight, weight no less in attack cost, and that no less in fees', () => {
  fc.assert(
    fc.property(histories, policies, (history, policy) => {
      const { score, attackCost, working, full } = standingOf(historyOf(history), now, policy);
      const weight = working.reduce((sum, entry) => sum + (entry.review.isBlamed ? 0n : entry.weight), 0n);
      if (score !== null) expect(2n * hundredths(score) * full <= 1_000n * weight + full).toBe(true);
      expect(weight <= attackCost * BigInt(policy.counterparties)).toBe(true);
      expect(attackCost <= feesOf(history)).toBe(true);
    }),
    RUNS,
  );
});

test('a new review of a job that paid nothing never raises a score', () => {
  fc.assert(
    fc.property(histories, policies, deals, (history, policy, deal) => {
      const unpaid: Deal = { ...deal, ...NEWEST, outcome: 'failed_by_client' };
      const before = standingOf(historyOf(history), now, policy).score;
      expect(isNotAbove(standingOf(historyOf([...history, unpaid]), now, policy).score, before)).toBe(true);
    }),
    RUNS,
  );
});

test('however reviewers split into identities, a score of s costs s fifths of the full fees', () => {
  const split = histories.chain((history) =>
    fc
      .array(fc.integer({ min: 0, max: 200 }), { minLength: history.length, maxLength: history.length })
      .map((ids) => history.map((deal, index) => ({ ...deal, client: `${deal.client}-${ids[index]}` }))),
  );
  fc.assert(
    fc.property(split, policies, (history, policy) => {
      const { score, attackCost } = standingOf(historyOf(history), now, policy);
      if (score === null) return;
      expect(2n * hundredths(score) * policy.fullFees <= 1_000n * attackCost + policy.fullFees).toBe(true);
    }),
    RUNS,
  );
});

test('a rating that is raised never lowers a score', () => {
  fc.assert(
    fc.property(histories, policies, fc.nat(), (history, policy, nth) => {
      if (history.length === 0) return;
      const raised = history.map((deal, index) =>
        index === nth % history.length ? { ...deal, rating: Math.min(5, deal.rating + 1) } : deal,
      );
      const before = standingOf(historyOf(history), now, policy).score;
      expect(isNotAbove(before, standingOf(historyOf(raised), now, policy).score)).toBe(true);
    }),
    RUNS,
  );
});

test('a new review with five stars of a job that was paid never lowers a score', () => {
  fc.assert(
    fc.property(histories, policies, deals, (history, policy, deal) => {
      const more: Deal = { ...deal, ...NEWEST, outcome: 'completed_by_client', rating: 5 };
      const before = standingOf(historyOf(history), now, policy).score;
      expect(isNotAbove(before, standingOf(historyOf([...history, more]), now, policy).score)).toBe(true);
    }),
    RUNS,
  );
});

test('a standing does not depend on the order in which the reviews are read', () => {
  const shuffled = histories.chain((history) =>
    fc.tuple(
      fc.constant(historyOf(history)),
      fc.shuffledSubarray(historyOf(history), { minLength: history.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, policies, ([history, other], policy) => {
      expect(standingOf(other, now, policy)).toEqual(standingOf(history, now, policy));
    }),
    RUNS,
  );
});
