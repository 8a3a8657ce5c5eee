import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeFee, feeOf } from './money.ts';

const price = fc.bigInt({ min: 1n, max: 100_000_000n });
const rate = fc.integer({ min: 0, max: 999_999 });

test.each([
  [0n, 25_000, 0n],
  [1n, 25_000, 1n],
  [20n, 25_000, 1n],
  [40n, 25_000, 1n],
  [41n, 25_000, 2n],
  [1_000n, 25_000, 25n],
  [100_000_000n, 25_000, 2_500_000n],
  [1n, 999_999, 1n],
  [12_345n, 0, 0n],
])('the platform fee on %s cents at %s ppm is %s cents, rounded up', (cents, ppm, fee) => {
  expect(feeOf(cents, ppm, 'up')).toBe(fee);
});

test('the platform fee rounded up is at least a cent where there is a rate, within a cent of the product, and never above the price', () => {
  fc.assert(
    fc.property(price, rate, (cents, ppm) => {
      const fee = feeOf(cents, ppm, 'up');
      if (ppm === 0) return expect(fee).toBe(0n);
      const exact = cents * BigInt(ppm);
      expect(fee >= 1n && fee <= cents).toBe(true);
      expect(fee * 1_000_000n >= exact).toBe(true);
      expect(fee === 1n || fee * 1_000_000n < exact + 1_000_000n).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('the platform fee rounded up is no less for a price that is split into parts', () => {
  fc.assert(
    fc.property(fc.array(price, { minLength: 1, maxLength: 20 }), rate, (parts, ppm) => {
      const whole = parts.reduce((sum, part) => sum + part, 0n);
      const paid = parts.reduce((sum, part) => sum + feeOf(part, ppm, 'up'), 0n);
      expect(paid >= feeOf(whole, ppm, 'up')).toBe(true);
    }),
  );
});

test.each([
  [10_000n, 25_000, 250n],
  [1n, 25_000, 0n],
  [20n, 25_000, 0n],
  [60n, 25_000, 2n],
  [100n, 25_000, 2n],
  [140n, 25_000, 4n],
])(
  'the platform fee on %s cents at %s ppm is %s cents, half to even, for jobs agreed under that rule',
  (cents, ppm, fee) => {
    expect(feeOf(cents, ppm, 'half_even')).toBe(fee);
  },
);

test('the platform fee half to even is within half a cent of the exact product, and never more than the price', () => {
  fc.assert(
    fc.property(price, rate, (cents, ppm) => {
      const fee = feeOf(cents, ppm, 'half_even');
      const twiceOff = 2n * (fee * 1_000_000n - cents * BigInt(ppm));
      expect(twiceOff <= 1_000_000n && twiceOff >= -1_000_000n).toBe(true);
      expect(fee >= 0n && fee <= cents).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('the platform fee is described as a fraction and as a percentage, with how it is rounded', () => {
  const up = { rounding: 'up', minimum: '0.01' };
  expect(describeFee(25_000)).toEqual({ platform_fee_percent: '0.025', display: '2.5 %', ...up });
  expect(describeFee(100_000)).toEqual({ platform_fee_percent: '0.1', display: '10 %', ...up });
  expect(describeFee(0)).toEqual({
    platform_fee_percent: '0',
    display: '0 %',
    rounding: 'up',
    minimum: '0.00',
  });
});
