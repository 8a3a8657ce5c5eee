import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeFee, feeOf } from './money.ts';

const price = fc.bigInt({ min: 1n, max: 100_000_000n });
const rate = fc.integer({ min: 0, max: 999_999 });

describe('the platform fee', () => {
  test.each([
    [10_000n, 25_000, 250n],
    [1n, 25_000, 0n],
    [20n, 25_000, 0n], // half a cent goes to the even side: nothing
    [60n, 25_000, 2n], // one and a half goes to two
    [100n, 25_000, 2n], // two and a half goes to two
    [140n, 25_000, 4n], // three and a half goes to four
    [100_000_000n, 25_000, 2_500_000n],
    [12_345n, 0, 0n],
  ])('on %s cents at %s ppm is %s cents, half to even', (cents, ppm, fee) => {
    expect(feeOf(cents, ppm)).toBe(fee);
  });

  test('is within half a cent of the exact product, and never more than the price', () => {
    fc.assert(
      fc.property(price, rate, (cents, ppm) => {
        const fee = feeOf(cents, ppm);
        const twiceOff = 2n * (fee * 1_000_000n - cents * BigInt(ppm));
        expect(twiceOff <= 1_000_000n && twiceOff >= -1_000_000n).toBe(true);
        expect(fee >= 0n && fee <= cents).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a million random fees and payouts sum exactly to their prices', () => {
    let seed = 12_345n;
    let prices = 0n;
    let paid = 0n;
    for (let index = 0; index < 1_000_000; index += 1) {
      seed = (seed * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % (1n << 64n);
      const cents = (seed % 100_000_000n) + 1n;
      const fee = feeOf(cents, 25_000);
      prices += cents;
      paid += fee + (cents - fee);
    }
    expect(paid).toBe(prices);
  });

  test('is described as a fraction and as a percentage', () => {
    expect(describeFee(25_000)).toEqual({ fraction: '0.025', display: '2.5 %' });
    expect(describeFee(0)).toEqual({ fraction: '0', display: '0 %' });
    expect(describeFee(100_000)).toEqual({ fraction: '0.1', display: '10 %' });
  });
});
