import { settlementOf, sharesOf as sharesPaid, split } from '@agent-registry/domain';
import type { JobOutcome } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cents, type Ending, grouped, money, splitByShare, splitOf } from './money.ts';

const OUTCOMES = {
  complete: 'completed_by_client',
  client_abort: 'client_aborted',
  seller_abort: 'seller_aborted',
  fail: 'failed_by_client',
} as const satisfies Record<Ending, JobOutcome>;

const terms = fc
  .record({
    price: fc.bigInt(1n, 100_000_000n),
    bond: fc.nat(100),
    penalty: fc.nat(100),
    ppm: fc.nat(999_999),
  })
  .map(({ price, bond, penalty, ppm }) => ({
    price,
    bond: (price * BigInt(bond)) / 100n,
    clientPenalty: (price * BigInt(penalty)) / 100n,
    ppm,
  }));
type Terms = typeof terms extends fc.Arbitrary<infer T> ? T : never;

const stakeOf = ({ price, bond, clientPenalty, ppm }: Terms) => ({
  jobId: 'job',
  clientId: 'client',
  sellerId: 'seller',
  price,
  bond,
  clientAbortPenalty: clientPenalty,
  feeRatePpm: ppm,
  feeRule: 'up' as const,
});
const rateOf = ({ ppm }: Terms): string => `0.${String(ppm).padStart(6, '0')}`;

test('who gets what before an act is confirmed is what the registry pays after it, to the cent', () => {
  fc.assert(
    fc.property(terms, fc.constantFrom(...(Object.keys(OUTCOMES) as Ending[])), (some, ending) => {
      const stake = stakeOf(some);
      const paid = sharesPaid(settlementOf(OUTCOMES[ending], stake).transfers, stake);
      const shown = splitOf(ending, { ...some, rate: rateOf(some) });
      expect([shown.client, shown.seller]).toEqual([paid.client, paid.seller]);
      expect(shown.client + shown.seller + shown.platform).toBe(some.price + some.bond);
    }),
  );
});

test('what the slider shows of a split is what the registry pays by it, to the cent', () => {
  fc.assert(
    fc.property(terms, fc.double({ min: 0, max: 1, noNaN: true }), (some, part) => {
      const held = some.price + some.bond;
      const share = BigInt(Math.floor(Number(held) * part));
      const stake = stakeOf(some);
      const paid = sharesPaid(split(stake, held - share, share), stake);
      const shown = splitByShare(share, { ...some, rate: rateOf(some) });
      expect([shown.client, shown.seller]).toEqual([paid.client, paid.seller]);
    }),
  );
});

test('money is read and written without a float, and grouped for people', () => {
  fc.assert(fc.property(fc.bigInt(-(10n ** 14n), 10n ** 14n), (value) => cents(money(value)) === value));
  expect(grouped('1234567.50')).toBe('1\u202f234\u202f567.50');
  expect(() => cents('1e3')).toThrow(RangeError);
});
