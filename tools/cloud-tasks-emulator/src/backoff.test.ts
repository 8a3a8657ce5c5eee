import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs, isExhausted, type RetryConfig, retryDelayMs } from './backoff.ts';

const config = (more: Partial<RetryConfig> = {}): RetryConfig => ({
  maxAttempts: 5,
  maxRetryDurationMs: 0,
  minBackoffMs: 10_000,
  maxBackoffMs: 300_000,
  maxDoublings: 3,
  ...more,
});

const anyConfig = fc
  .record({
    minBackoffMs: fc.integer({ min: 1, max: 100_000 }),
    above: fc.integer({ min: 0, max: 10_000_000 }),
    maxDoublings: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ minBackoffMs, above, maxDoublings }) =>
    config({ minBackoffMs, maxBackoffMs: minBackoffMs + above, maxDoublings }),
  );

describe('backoff', () => {
  test("the product's own example: 10 s to 300 s with three doublings", () => {
    const seconds = Array.from({ length: 8 }, (_, retry) => backoffMs(config(), retry) / 1000);
    expect(seconds).toEqual([10, 20, 40, 80, 160, 240, 300, 300]);
  });

  test('doubles maxDoublings times, then grows by the last doubled wait, up to the maximum', () => {
    fc.assert(
      fc.property(anyConfig, fc.integer({ min: 0, max: 100 }), (retryConfig, retries) => {
        let uncapped = retryConfig.minBackoffMs;
        const step = retryConfig.minBackoffMs * 2 ** retryConfig.maxDoublings;
        for (let retry = 0; retry < retries; retry += 1) {
          uncapped = retry < retryConfig.maxDoublings ? uncapped * 2 : uncapped + step;
        }
        expect(backoffMs(retryConfig, retries)).toBe(Math.min(retryConfig.maxBackoffMs, uncapped));
      }),
    );
  });

  test('backoff never shrinks, never leaves its bounds, however many retries', () => {
    fc.assert(
      fc.property(anyConfig, fc.nat(1_000_000), (retryConfig, retry) => {
        const wait = backoffMs(retryConfig, retry);
        expect(wait).toBeGreaterThanOrEqual(retryConfig.minBackoffMs);
        expect(wait).toBeLessThanOrEqual(backoffMs(retryConfig, retry + 1));
        expect(backoffMs(retryConfig, retry + 1)).toBeLessThanOrEqual(retryConfig.maxBackoffMs);
      }),
    );
  });

  test('Retry-After lengthens a wait up to the maximum and never shortens it', () => {
    expect(retryDelayMs(config(), 1, null)).toBe(10_000);
    expect(retryDelayMs(config(), 1, 5_000)).toBe(10_000);
    expect(retryDelayMs(config(), 1, 25_000)).toBe(25_000);
    expect(retryDelayMs(config(), 1, 9_000_000)).toBe(300_000);
  });
});

describe('giving up', () => {
  test('maxAttempts counts the first attempt', () => {
    expect(isExhausted(config({ maxAttempts: 1 }), 1, 0)).toBe(true);
    expect(isExhausted(config({ maxAttempts: 5 }), 4, 0)).toBe(false);
    expect(isExhausted(config({ maxAttempts: 5 }), 5, 0)).toBe(true);
  });

  test('-1 is never', () => {
    expect(isExhausted(config({ maxAttempts: -1 }), 1_000_000, 1e12)).toBe(false);
  });

  test('a task with both limits set is given up when both are reached', () => {
    const both = config({ maxAttempts: 3, maxRetryDurationMs: 60_000 });
    expect(isExhausted(both, 3, 59_999)).toBe(false);
    expect(isExhausted(both, 2, 60_000)).toBe(false);
    expect(isExhausted(both, 3, 60_000)).toBe(true);
  });

  test('a time limit alone holds when attempts are unlimited', () => {
    const timed = config({ maxAttempts: -1, maxRetryDurationMs: 60_000 });
    expect(isExhausted(timed, 50, 59_999)).toBe(false);
    expect(isExhausted(timed, 2, 60_000)).toBe(true);
  });
});
