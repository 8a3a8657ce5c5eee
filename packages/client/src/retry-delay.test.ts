import { expect, test } from '@jest/globals';
import { parseRetryAfter, retryDelayMs } from './retry-delay.ts';

const now = new Date('2026-03-01T12:00:00Z');

test('delays double from 200 ms to 10 s, at least half of each', () => {
  const bounds = [0, 1, 2, 3, 6, 40].map((n) => [retryDelayMs(n, null, 0), retryDelayMs(n, null, 1)]);
  expect(bounds).toEqual([
    [100, 200],
    [200, 400],
    [400, 800],
    [800, 1_600],
    [5_000, 10_000],
    [5_000, 10_000],
  ]);
});

test('what the registry asks for is waited for in full, and not beyond a minute', () => {
  expect(retryDelayMs(3, 0, 0)).toBe(0);
  expect(retryDelayMs(0, 60, 1)).toBe(60_250);
  expect(retryDelayMs(0, 61, 0)).toBeNull();
});

test.each([
  [null, null],
  ['0', 0],
  ['120', 120],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['soon', null],
])('Retry-After %j means %j seconds', (header, seconds) => {
  expect(parseRetryAfter(header, now)).toBe(seconds);
});
