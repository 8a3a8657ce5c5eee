import { FEE_RULES, JOB_OUTCOMES } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { feeOf } from './money.ts';
import { hold, type Stake, split, type Transfer } from './postings.ts';
import { settlementOf, sharesOf } from './settlement.ts';

const stakes: fc.Arbitrary<Stake> = fc
  .record({
    price: fc.bigInt({ min: 1n, max: 100_000_000n }),
    bond: fc.bigInt({ min: 0n, max: 100_000_000n }),
    penalty: fc.bigInt({ min: 0n, max: 100_000_000n }),
    feeRatePpm: fc.integer({ min: 0, max: 999_999 }),
    feeRule: fc.constantFrom(...FEE_RULES),
  })
  .map(({ price, bond, penalty, ...fee }) => ({
    jobId: 'job',
    clientId: 'client',
    sellerId: 'seller',
    price,
    bond: bond % (price + 1n),
    clientAbortPenalty: penalty % (price + 1n),
    ...fee,
  }));

const SETTLING = JOB_OUTCOMES.filter((outcome) => !['resolved', 'cancelled', 'expired'].includes(outcome));
const CENTS: Stake = {
  jobId: 'job',
  clientId: 'client',
  sellerId: 'seller',
  price: 10_000n,
  bond: 1_000n,
  clientAbortPenalty: 500n,
  feeRatePpm: 25_000,
  feeRule: 'up',
};

function balances(transfers: readonly Transfer[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const { account, amount } of transfers.flatMap((transfer) => transfer.postings)) {
    const name = account.kind === 'agent' ? account.ownerId : account.kind;
    sums[name] = (sums[name] ?? 0n) + amount;
  }
  return sums;
}

test.each([
  ['passed', { client: -10_000n, seller: 9_750n, fees: 250n }],
  ['completed_by_client', { client: -10_000n, seller: 9_750n, fees: 250n }],
  ['review_window_over', { client: -10_000n, seller: 9_750n, fees: 250n }],
  ['client_aborted', { client: -500n, seller: 500n }],
  ['seller_aborted', { client: 1_000n, seller: -1_000n }],
  ['never_delivered', { client: 1_000n, seller: -1_000n }],
  ['deliveries_used_up', { client: 1_000n, seller: -1_000n }],
  ['deadline_after_delivery', { client: 1_000n, seller: -1_000n }],
  ['failed_by_client', { client: 0n, seller: 0n }],
  ['verification_unavailable', { client: 0n, seller: 0n }],
] as const)('who gets what of a job that ended %s', (outcome, expected) => {
  const all = balances([...hold(CENTS), ...settlementOf(outcome, CENTS).transfers]);
  expect(all).toEqual({ escrow: 0n, bond: 0n, ...expected });
});

test('every settlement empties escrow and bond, and every transfer sums to zero', () => {
  fc.assert(
    fc.property(stakes, fc.constantFrom(...SETTLING), (stake, outcome) => {
      const transfers = [...hold(stake), ...settlementOf(outcome, stake).transfers];
      for (const transfer of transfers) {
        expect(transfer.postings.reduce((sum, posting) => sum + posting.amount, 0n)).toBe(0n);
        expect(transfer.postings.every((posting) => posting.amount !== 0n)).toBe(true);
      }
      const all = balances(transfers);
      expect([all.escrow, all.bond ?? 0n]).toEqual([0n, 0n]);
      expect((all.fees ?? 0n) >= 0n).toBe(true);
    }),
  );
});

test('a split pays exactly what is held, the fee on what the seller gets above its bond', () => {
  fc.assert(
    fc.property(stakes, fc.bigInt({ min: 0n, max: 10n ** 9n }), (stake, raw) => {
      const held = stake.price + stake.bond;
      const sellerShare = raw % (held + 1n);
      const transfers = split(stake, held - sellerShare, sellerShare);
      const { client, seller } = sharesOf(transfers, stake);
      const fee = balances(transfers).fees ?? 0n;
      expect(client + seller + fee).toBe(held);
      const earned = sellerShare > stake.bond ? sellerShare - stake.bond : 0n;
      expect(fee).toBe(feeOf(earned, stake.feeRatePpm, stake.feeRule));
    }),
  );
});

test('a split of more or less than is held, or of a negative share, is refused', () => {
  for (const [client, seller] of [
    [10_000n, 1_001n],
    [10_000n, 999n],
    [12_000n, -1_000n],
    [-1n, 11_001n],
  ] as const) {
    expect(() => split(CENTS, client, seller)).toThrow(RangeError);
  }
});

test('no two transfers of one job share a reference', () => {
  for (const outcome of SETTLING) {
    const references = [...hold(CENTS), ...settlementOf(outcome, CENTS).transfers].map(
      (transfer) => transfer.reference,
    );
    expect(new Set(references).size).toBe(references.length);
  }
});

test('an outcome that holds nothing has no settlement', () => {
  for (const outcome of ['resolved', 'cancelled', 'expired'] as const) {
    expect(() => settlementOf(outcome, CENTS)).toThrow(RangeError);
  }
});
