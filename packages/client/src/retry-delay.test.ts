import { expect, test } from '@jest/globals';
import { retryDelayMs } from './retry-delay.ts';

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
