import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type RatedReview, standingOf } from './reputation.ts';

const now = new Date('2026-06-01T12:00:00Z');
const DAY = 86_400_000;
const review = (id: number, rating: number, ageDays: number, reviewerId = `r${id}`): RatedReview => ({
  reviewId: `v${String(id).padStart(4, '0')}`,
  reviewerId,
  rating,
  createdAt: new Date(now.getTime() - ageDays * DAY),
});

describe('reputation', () => {
  test('is nothing under three reviews', () => {
    expect(standingOf([review(1, 5, 0), review(2, 5, 0)], now).score).toBeNull();
    expect(standingOf([review(1, 5, 0), review(2, 5, 0), review(3, 5, 0)], now).score).toBe(0.75);
  });

  test('weighs recent reviews double and fairly recent ones one and a half', () => {
    const old = Array.from({ length: 10 }, (_, index) => review(index, 1, 200));
    const recent = Array.from({ length: 10 }, (_, index) => review(100 + index, 5, 1));
    expect(standingOf([...old, ...recent], now).score).toBe(3.67); // (10·1·1 + 10·5·2) / 30
    const fair = Array.from({ length: 10 }, (_, index) => review(100 + index, 5, 60));
    expect(standingOf([...old, ...fair], now).score).toBe(3.4); // (10 + 75) / 25
  });

  test('a review at exactly 30 and 90 days still has the better weight', () => {
    const halves = (age: number) => standingOf([review(1, 5, age)], now).working[0]!.halves;
    expect([halves(30), halves(30.001), halves(90), halves(90.001)]).toEqual([4, 3, 3, 2]);
  });

  test('counts the first ten reviews that one reviewer gives in a day', () => {
    const flood = Array.from({ length: 50 }, (_, index) => review(index, 5, 0.01, 'friend'));
    expect(standingOf(flood, now).counted).toBe(10);
    const twoDays = [
      ...flood,
      ...Array.from({ length: 50 }, (_, index) => review(100 + index, 5, 1.01, 'friend')),
    ];
    expect(standingOf(twoDays, now).counted).toBe(20);
  });

  test('says when time alone changes it', () => {
    const standing = standingOf([review(1, 5, 29)], now);
    expect(standing.changesAt!.getTime()).toBe(now.getTime() + DAY + 1);
    expect(standingOf([review(1, 5, 29)], standing.changesAt!).working[0]!.halves).toBe(3);
    expect(standingOf([review(1, 5, 91)], now).changesAt).toBeNull();
  });

  test('lies between nothing and five, has two places, and does not depend on the order', () => {
    const arbitrary = fc.array(
      fc.record({
        rating: fc.integer({ min: 1, max: 5 }),
        age: fc.integer({ min: 0, max: 400 }),
        by: fc.integer({ min: 0, max: 5 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(arbitrary, (raw) => {
        const reviews = raw.map((entry, index) => review(index, entry.rating, entry.age, `r${entry.by}`));
        const { score } = standingOf(reviews, now);
        expect(standingOf([...reviews].reverse(), now).score).toBe(score);
        if (score === null) return;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(5);
        expect(Math.round(score * 100) / 100).toBe(score);
      }),
    );
  });
});
