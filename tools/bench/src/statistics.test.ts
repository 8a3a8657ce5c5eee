import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { median, quantile, ratioOf, slope } from './statistics.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('statistics', () => {
  test('a quantile is one of the values, and no less than its share of them is at or below it', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const found = quantile(list, share);
        expect(list).toContain(found);
        const atOrBelow = list.filter((value) => value <= found).length;
        expect(atOrBelow).toBeGreaterThanOrEqual(Math.min(list.length, Math.ceil(share * list.length)));
      }),
    );
  });

  test('the 95th percentile of a hundred values is the 95th of them, and the 100th is the greatest', () => {
    const list = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(list, 0.95), quantile(list, 1), quantile(list, 0)]).toEqual([95, 100, 1]);
  });

  test('the median of an even number of values is the mean of the two in the middle', () => {
    expect([median([4, 1, 3, 2]), median([3, 1, 2]), median([])]).toEqual([2.5, 2, Number.NaN]);
  });

  test('a ratio is taken pair by pair, so that a slow spell of the machine that met both of a pair leaves it as it is', () => {
    expect(ratioOf([1, 10, 3], [2, 20, 6])).toEqual({ median: 0.5, least: 0.5, most: 0.5 });
    expect(ratioOf([1, 2, 9], [1, 1, 3])).toEqual({ median: 2, least: 1, most: 3 });
  });

  test('a pair whose denominator is zero or absent has no ratio, and without any pair there is none', () => {
    expect(ratioOf([1, 4, 5], [0, 2])).toEqual({ median: 2, least: 2, most: 2 });
    expect([ratioOf([1], [0]), ratioOf([], []), ratioOf([0], [0])]).toEqual([null, null, null]);
  });

  test('the slope of points on a line is the line’s, whatever else the line is', () => {
    const finite = fc.integer({ min: -1_000, max: 1_000 });
    fc.assert(
      fc.property(finite, finite, fc.integer({ min: 2, max: 20 }), (rise, start, count) => {
        const points = Array.from({ length: count }, (_, x) => [x, start + rise * x] as const);
        expect(slope(points)).toBeCloseTo(rise, 6);
      }),
    );
    expect(slope([[1, 5]])).toBe(0);
  });
});
