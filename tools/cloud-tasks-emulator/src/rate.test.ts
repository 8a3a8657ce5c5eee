import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createThrottle, createTokenBucket, THROTTLE_MIN_FACTOR } from './rate.ts';

describe('token bucket', () => {
  test('token bucket lets through the burst and then the rate, never more', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 300 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 100 }),
        waits,
        (rate, burst, gaps) => {
          const bucket = createTokenBucket();
          let nowMs = 0;
          let taken = 0;
          for (const gap of gaps) {
            nowMs += gap;
            if (bucket.take(nowMs, rate, burst)) taken += 1;
            expect(taken).toBeLessThanOrEqual(burst + (rate * nowMs) / 1000 + 1e-6);
          }
        },
      ),
    );
  });

  test('a token bucket has a token after the wait that it names, and not a millisecond earlier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 100 }), (rate, burst) => {
        const bucket = createTokenBucket();
        for (let spent = 0; spent < burst; spent += 1) expect(bucket.take(0, rate, burst)).toBe(true);
        const wait = Math.ceil(bucket.waitMs(0, rate, burst));
        expect(wait).toBeGreaterThan(0);
        expect(bucket.take(wait - 1, rate, burst)).toBe(false);
        expect(bucket.take(wait, rate, burst)).toBe(true);
      }),
    );
  });

  test('a clock that steps back neither adds nor removes tokens', () => {
    const bucket = createTokenBucket();
    expect(bucket.take(10_000, 1, 1)).toBe(true);
    expect(bucket.take(0, 1, 1)).toBe(false);
  });
});

describe('system throttling', () => {
  const after = (kinds: readonly ('success' | 'error' | 'overload')[]) => {
    const throttle = createThrottle();
    for (const kind of kinds) throttle.record(kind, 0);
    return throttle.state(0).factor;
  };
  const many = <T extends 'success' | 'error' | 'overload'>(count: number, kind: T): T[] =>
    Array.from({ length: count }, () => kind);

  test('a healthy queue, and a few failures on a quiet one, keep the full rate', () => {
    expect(after([])).toBe(1);
    expect(after(many(1000, 'success'))).toBe(1);
    expect(after(many(5, 'error'))).toBe(1);
    expect(after([...many(100, 'success'), ...many(100, 'error')])).toBe(1);
  });

  test('429 and 503 slow a queue sooner than other errors', () => {
    const share = (bad: 'error' | 'overload') => after([...many(60, 'success'), ...many(40, bad)]);
    expect(share('error')).toBe(1);
    expect(share('overload')).toBeLessThan(0.9);
  });

  test('a target that fails throughout brings the rate to its floor, never to zero', () => {
    expect(after(many(5000, 'error'))).toBe(THROTTLE_MIN_FACTOR);
  });

  test('time alone brings the full rate back', () => {
    const throttle = createThrottle();
    for (let n = 0; n < 5000; n += 1) throttle.record('overload', 0);
    expect(throttle.state(0).factor).toBe(THROTTLE_MIN_FACTOR);
    expect(throttle.state(120_000).factor).toBe(1);
  });

  test('system throttling can be switched off, and then still counts', () => {
    const throttle = createThrottle(false);
    for (let n = 0; n < 100; n += 1) throttle.record('error', 0);
    expect(throttle.state(0)).toEqual({ factor: 1, attempts: 100, errors: 100, overloads: 0 });
  });
});
