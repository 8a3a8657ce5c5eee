import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endpointIsDead, nextAttemptAt } from './retry-schedule.ts';

const now = new Date('2026-01-01T00:00:00Z');
const DAY = 86_400_000;
const delayOf = (attempt: number, retryAfterMs: number | null = null) => {
  const next = nextAttemptAt({ attempt, maxAttempts: 6, unitMs: 1_000, now, retryAfterMs });
  return next === null ? null : next.getTime() - now.getTime();
};

test('the retries of a webhook wait exactly 1 s, 5 s, 30 s, 5 min and 30 min, and end after six attempts', () => {
  expect([1, 2, 3, 4, 5, 6].map((attempt) => delayOf(attempt))).toEqual([
    1_000,
    5_000,
    30_000,
    300_000,
    1_800_000,
    null,
  ]);
});

test('the retries of a webhook follow Retry-After within one and two times the delay', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 10_000_000 }), (attempt, asked) => {
      const usual = delayOf(attempt)!;
      expect(delayOf(attempt, asked)).toBe(Math.min(Math.max(asked, usual), 2 * usual));
    }),
  );
});

test('an endpoint is dead after five days and ten failures, not before', () => {
  const since = (days: number) => new Date(now.getTime() - days * DAY);
  expect(endpointIsDead({ failingSince: since(5), failures: 10, now })).toBe(true);
  expect(endpointIsDead({ failingSince: since(4.99), failures: 100, now })).toBe(false);
  expect(endpointIsDead({ failingSince: since(50), failures: 9, now })).toBe(false);
});
