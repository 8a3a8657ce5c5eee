import { expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { mergeFeeSums, sumFees } from '../queries/ledger.ts';
import { findLedgerFaults } from '../queries/ledger-faults.ts';
import { useTestDatabase } from '../testing/index.ts';
import { up } from './0020-sum-fees.ts';

const FEES = '00000000-0000-7000-8000-000000000001';
const MINT = '00000000-0000-7000-8000-000000000002';

const database = useTestDatabase();

async function post(amount: bigint): Promise<void> {
  await sql`
    WITH transfer AS (
      INSERT INTO transfers SELECT id, id::text, 'fee', NULL, now() FROM gen_random_uuid() AS id RETURNING transfer_id)
    INSERT INTO postings (transfer_id, account_id, amount)
    SELECT transfer_id, account, amount FROM transfer,
      (VALUES (${FEES}::uuid, ${amount}::bigint), (${MINT}::uuid, ${-amount}::bigint)) AS posting (account, amount)`.execute(
    database.apiDb,
  );
}

const merge = (limit: number) =>
  database.dispatcherDb.transaction().execute((trx) => mergeFeeSums(trx, limit));
const countSums = async () => (await sql`SELECT FROM fee_sums`.execute(database.db)).rows.length;

test('fees from before the migration and after it are summed, in as few rows as the sweep leaves', async () => {
  await post(300n);
  await post(-50n);
  await sql`DROP TABLE fee_sums`.execute(database.db);
  await sql`DROP FUNCTION sum_fees CASCADE`.execute(database.db);
  await up(database.db as unknown as Kysely<unknown>);
  expect(await sumFees(database.apiDb)).toBe(250n);
  for (const amount of [1n, 20n, -7n, 400n]) await post(amount);
  expect(await sumFees(database.apiDb)).toBe(664n);
  expect([await merge(3), await merge(100), await merge(100)]).toEqual([2, 2, 0]);
  expect([await countSums(), await sumFees(database.apiDb)]).toEqual([1, 664n]);
  expect(await findLedgerFaults(database.db)).toEqual([]);
});

test('the sum is the same to whoever reads while it is merged, and two merges at once lose nothing', async () => {
  for (let index = 0; index < 20; index += 1) await post(5n);
  const before = await sumFees(database.apiDb);
  await database.dispatcherDb.transaction().execute(async (trx) => {
    await mergeFeeSums(trx, 10);
    expect(await sumFees(database.apiDb)).toBe(before);
    await merge(100);
    expect(await sumFees(database.apiDb)).toBe(before);
  });
  expect(await sumFees(database.apiDb)).toBe(before);
  expect(await countSums()).toBe(2);
});

test('the audit finds a sum that is not that of the postings', async () => {
  await sql`INSERT INTO fee_sums (amount) VALUES (1)`.execute(database.db);
  expect((await findLedgerFaults(database.db)).map(({ rule }) => rule)).toEqual([
    'fee sums are the sum of postings',
  ]);
});
