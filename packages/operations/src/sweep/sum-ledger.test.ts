import {
  countLedger,
  type Db,
  findLedgerFaults,
  findLedgerSums,
  findTransferFaults,
  sumTransfers,
} from '@agent-registry/db';
import { beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { depositCredits } from '../money/deposit-credits.ts';
import { useHarness } from '../testing/harness.ts';
import { twoParties } from '../testing/two-parties.ts';
import { addSums, sumLedger } from './sum-ledger.ts';

const LIMIT = 1_000;
const harness = useHarness({ isFresh: true });
let db: Db;
beforeEach(() => {
  ({ db } = harness.deps);
});

const sweep = () => harness.run(sumLedger);
/** Sweeps until all is added: transactions of the server's other databases hold it up too. */
async function sweepAll(): Promise<void> {
  for (let left = Number.NaN; left !== 0; ) {
    await sweep();
    const { newer } = await findLedgerSums(db, LIMIT);
    left = newer!.transfers.length + Number(newer!.accounts);
  }
}

/** What an operator is told, against what the whole ledger says. */
async function bothSums() {
  const { newer, ...kept } = await findLedgerSums(db, LIMIT);
  const { agent, escrow, bond, fees, mint, postings, transfers } = addSums(
    kept,
    await sumTransfers(db, newer!.transfers),
  );
  const whole = await countLedger(db);
  const accounts = Number(kept.accounts + newer!.accounts);
  const told = { agents: agent, held: escrow + bond, fees, minted: -mint, accounts };
  return [{ ...told, postings: Number(postings), transfers: Number(transfers) }, whole];
}

test('the sums of the ledger are those of all its postings after each step, however much of it the sweep has added', async () => {
  const at = await twoParties(harness);
  for (let round = 0; round < 4; round += 1) {
    const job = await at.working({ criteria: true });
    const [told, whole] = await bothSums();
    expect(told).toEqual(whole);
    await at.deliver(job);
    await at.recordVerdict(job, 'pass');
    await sweep();
    const [after, wholeAfter] = await bothSums();
    expect(after).toEqual(wholeAfter);
  }
  await sweepAll();
  const { newer, as_of, posting_id } = await findLedgerSums(db, LIMIT);
  expect(newer).toEqual({ transfers: [], accounts: 0n });
  expect(as_of).toEqual(harness.time.now);
  expect(posting_id).toBeGreaterThan(0n);
  expect(await findLedgerFaults(db)).toEqual([]);
});

test('a transfer that took its number early and was committed late is in the sums of the ledger once', async () => {
  const [slow, quick] = [await harness.newAgent('slow', 0n), await harness.newAgent('quick', 0n)];
  const released = Promise.withResolvers<void>();
  const posted = Promise.withResolvers<void>();
  const late = harness.run(async (op) => {
    await depositCredits(op, { agentId: slow, amount: 700n });
    await Promise.all(op.writes);
    posted.resolve();
    await released.promise;
  });
  await posted.promise;
  await harness.run((op) => depositCredits(op, { agentId: quick, amount: 30n }));
  for (let times = 0; times < 3; times += 1) await sweep();
  expect((await bothSums())[0]).toMatchObject({ agents: 30n, minted: 30n });
  released.resolve();
  await late;
  for (const step of [sweep, sweepAll, sweep]) {
    const [told, whole] = await bothSums();
    expect(told).toEqual(whole);
    expect(told).toMatchObject({ agents: 730n, minted: 730n });
    await step();
  }
});

test('two sweeps at once add nothing to the sums of the ledger twice', async () => {
  await harness.newAgent('one', 500n);
  await sweep();
  await Promise.all([sweep(), sweep(), sweep()]);
  const [told, whole] = await bothSums();
  expect(told).toEqual(whole);
  expect(await findLedgerFaults(db)).toEqual([]);
});

test('a wrong balance is named until it is put right, also once the sweep has added the transfer that moved it', async () => {
  const agentId = await harness.newAgent('one', 500n);
  const shift = (cents: number) =>
    sql`UPDATE accounts SET balance = balance + ${cents} WHERE owner_id = ${agentId}`.execute(db);
  await shift(1);
  await sweepAll();
  const { suspects, newer } = await findLedgerSums(db, LIMIT);
  expect(newer!.transfers).toEqual([]);
  expect(await findTransferFaults(db, suspects)).toMatchObject([
    { rule: 'balance is the sum of postings', detail: 'agent: balance 501, postings 500' },
  ]);
  await shift(-1);
  expect(await findTransferFaults(db, suspects)).toEqual([]);
});

test('a ledger whose sums stopped long ago says so instead of reading all that came since', async () => {
  for (let times = 0; times < 3; times += 1) await harness.newAgent(`agent ${times}`, 500n);
  await sweepAll();
  const before = await findLedgerSums(db, 4);
  for (let times = 0; times < 3; times += 1) await harness.newAgent(`later ${times}`, 500n);
  const after = await findLedgerSums(db, 4);
  expect(after).toEqual({ ...before, newer: null });
  expect(after).toMatchObject({ agent: 1_500n, transfers: 3n });
});

test('sums whose next end was noted in another server go on after a restored backup', async () => {
  await harness.newAgent('one', 500n);
  await sweep();
  await sql`UPDATE ledger_sums SET next_xid = '9000000000000000'::xid8`.execute(db);
  await sweepAll();
  expect(await findLedgerSums(db, 0)).toMatchObject({ agent: 500n, newer: { transfers: [] } });
});

test('the audit finds kept sums that are not those of the postings', async () => {
  await harness.newAgent('one', 500n);
  await sql`UPDATE ledger_sums SET fees = 3`.execute(db);
  expect(await findLedgerFaults(db)).toMatchObject([
    { rule: 'kept sums are the sums of postings', subject: 'fees', detail: 'sum 3, postings 0' },
  ]);
});
