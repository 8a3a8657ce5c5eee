import type { ReputationPolicy } from '@agent-registry/schemas';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  policyOfFormula,
  reputationFormula,
  standingOf,
  type WeighedReview,
  weighReview,
} from './reputation.ts';

const now = new Date('2026-06-01T12:00:00Z');
const DAY = 86_400_000;
const POLICY: ReputationPolicy = { fullFees: 500n, counterparties: 5 };
const FREE: ReputationPolicy = { fullFees: 0n, counterparties: 5 };
const review = (
  id: number,
  rating: number,
  ageDays: number,
  { by = `r${id}`, weighs = 100n, isBlamed = false } = {},
): WeighedReview => ({
  reviewId: `v${String(id).padStart(4, '0')}`,
  reviewerId: by,
  rating,
  createdAt: new Date(now.getTime() - ageDays * DAY),
  weighs,
  isBlamed,
});
const many = (count: number, of: (index: number) => WeighedReview) =>
  Array.from({ length: count }, (_, index) => of(index));
const scoreOf = (reviews: readonly WeighedReview[], policy = POLICY) =>
  standingOf(reviews, now, policy).score;

describe('a reputation', () => {
  test('a reputation is nothing under three reviews that weigh', () => {
    const unpaid = review(3, 5, 0, { weighs: 0n });
    expect(scoreOf([review(1, 5, 0), review(2, 5, 0), unpaid])).toBeNull();
    expect(scoreOf([review(1, 5, 0), review(2, 5, 0), unpaid, review(4, 5, 0)])).toBe(3);
  });

  test('a reputation is 0 where all that weighs is blame', () => {
    const blamed = many(3, (id) => review(id, 1, 0, { isBlamed: true }));
    expect(standingOf(blamed, now, POLICY)).toMatchObject({ score: 0, attackCost: 0n });
  });

  test('a reputation weighs recent reviews double and fairly recent ones one and a half', () => {
    const old = many(10, (id) => review(id, 1, 200));
    const recent = many(10, (id) => review(100 + id, 5, 1));
    expect(scoreOf([...old, ...recent])).toBe(3.67); // (10·1·1 + 10·5·2) / 30
    const fair = many(10, (id) => review(100 + id, 5, 60));
    expect(scoreOf([...old, ...fair])).toBe(3.4); // (10 + 75) / 25
  });

  test('a reputation gives a review at exactly 30 and 90 days the better weight still', () => {
    const halves = (age: number) => standingOf([review(1, 5, age)], now, POLICY).working[0]!.halves;
    expect([halves(30), halves(30.001), halves(90), halves(90.001)]).toEqual([4, 3, 3, 2]);
  });

  test('a reputation counts the first ten paid reviews that one reviewer gives in a day', () => {
    const friend = { by: 'friend', weighs: 1n };
    const flood = many(50, (id) => review(id, 5, 0.01, friend));
    const twoDays = [...flood, ...many(50, (id) => review(100 + id, 5, 1.01, friend))];
    expect(standingOf(flood, now, POLICY).attackCost).toBe(10n);
    expect(standingOf(twoDays, now, POLICY).attackCost).toBe(20n);
    expect(standingOf(flood, now, FREE).working).toHaveLength(10);
  });

  test('a reputation takes a counterparty’s newest reviews first, up to its part of the full fees', () => {
    const others = many(4, (id) => review(id, 5, 0));
    const mixed = [review(10, 1, 40, { by: 'both' }), review(11, 5, 0, { by: 'both' })];
    expect(standingOf([...others, ...mixed], now, POLICY)).toMatchObject({
      score: 5,
      attackCost: 600n,
      counterparties: new Set(['r0', 'r1', 'r2', 'r3', 'both']),
    });
  });

  test('a reputation says when time alone changes it', () => {
    const standing = standingOf([review(1, 5, 29)], now, POLICY);
    expect(standing.changesAt!.getTime()).toBe(now.getTime() + DAY + 1);
    expect(standingOf([review(1, 5, 29)], standing.changesAt!, POLICY).working[0]!.halves).toBe(3);
    expect(standingOf([review(1, 5, 91)], now, POLICY).changesAt).toBeNull();
  });

  test('a reputation does not know of what is written later', () => {
    const known = many(3, (id) => review(id, 5, 1));
    expect(scoreOf([...known, review(9, 1, -0.001)])).toBe(3);
  });

  test('a reputation where fees weigh nothing is the mean times the share of twenty reviews, paid or not, and costs nothing', () => {
    const free = many(10, (id) => review(id, 4, 0, { weighs: 0n, isBlamed: id === 0 }));
    expect(standingOf(free, now, FREE)).toMatchObject({ score: 2, attackCost: 0n });
    expect(
      scoreOf(
        many(40, (id) => review(id, 4, 0)),
        FREE,
      ),
    ).toBe(4);
  });

  test('a reputation where fees weigh nothing has two places and does not depend on the order', () => {
    const entry = fc.tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 400 }),
      fc.constantFrom('a', 'b', 'c'),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), (raw) => {
        const reviews = raw.map(([rating, age, by], id) => review(id, rating, age, { by, weighs: 0n }));
        const score = scoreOf(reviews, FREE);
        expect(scoreOf(reviews.toReversed(), FREE)).toBe(score);
        if (score === null) return;
        expect(score >= 0 && score <= 5 && Math.round(score * 100) / 100 === score).toBe(true);
      }),
    );
  });
});

test('a formula’s name tells its parameters', () => {
  expect(policyOfFormula(reputationFormula(POLICY))).toEqual(POLICY);
  expect(policyOfFormula(reputationFormula(FREE))?.fullFees).toBe(0n);
  for (const other of ['', '2', '2:0:5', '3:500:5', '2:500:5:1'])
    expect(policyOfFormula(other)).toBeUndefined();
});

describe('the weight of a review', () => {
  const facts = { feeFloor: 0n, stakeFloor: 90n, fault: 'seller' as const };
  test.each([
    ['a paid job weighs its fee', { ...facts, feeFloor: 20n, fault: null }, 'seller', 1, 20n, false],
    ['a job failed by the reviewee’s fault weighs its lost fee', facts, 'seller', 2, 90n, true],
    ['a failed job with three stars weighs nothing', facts, 'seller', 3, 0n, false],
    ['a job failed by the reviewer’s fault weighs nothing', facts, 'client', 1, 0n, false],
    ['a failed job that blames nobody weighs nothing', { ...facts, fault: null }, 'seller', 1, 0n, false],
  ] as const)('%s', (_, of, reviewee, rating, weighs, isBlamed) => {
    expect(weighReview(of, reviewee, rating)).toEqual({ weighs, isBlamed });
  });
});
