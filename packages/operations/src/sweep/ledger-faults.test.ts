import { type Db, findLedgerFaults, findTransferFaults, type LedgerFinding } from '@agent-registry/db';
import { beforeAll, expect, test } from '@jest/globals';
import { type RawBuilder, sql } from 'kysely';
import { useHarness } from '../testing/harness.ts';
import { type TwoParties, twoParties } from '../testing/two-parties.ts';

const harness = useHarness();
let at: TwoParties;
let jobId: string;
let transferIds: string[];
beforeAll(async () => {
  at = await twoParties(harness);
  jobId = await at.working();
  const rows = await harness.deps.db.selectFrom('transfers').select('transfer_id').execute();
  transferIds = rows.map((row) => row.transfer_id);
});

async function bothFaults(db: Db): Promise<Record<'whole' | 'part', LedgerFinding[]>> {
  return { whole: await findLedgerFaults(db), part: await findTransferFaults(db, transferIds) };
}

const UNDO = new Error('undo');

/** What the audit says of the whole ledger, and a look at its transfers, once something was changed behind its back. */
async function faultsAfter(change: RawBuilder<unknown>): ReturnType<typeof bothFaults> {
  let found: Awaited<ReturnType<typeof bothFaults>> | undefined;
  const done = harness.deps.db.transaction().execute(async (trx) => {
    const { numAffectedRows } = await change.execute(trx);
    expect(numAffectedRows).toBe(1n);
    found = await bothFaults(trx);
    throw UNDO;
  });
  await expect(done).rejects.toBe(UNDO);
  return found!;
}

test('a ledger that nobody touched has no faults, as a whole and transfer by transfer', async () => {
  expect(await bothFaults(harness.deps.db)).toEqual({ whole: [], part: [] });
});

test.each<[string, () => RawBuilder<unknown>]>([
  [
    'transfer sums to zero',
    () =>
      sql`UPDATE postings SET amount = amount + 1 WHERE posting_id = (SELECT max(posting_id) FROM postings)`,
  ],
  [
    'balance after is the running sum',
    () => sql`UPDATE postings SET balance_after = balance_after + 1
      WHERE posting_id = (SELECT min(posting_id) FROM postings WHERE balance_after IS NOT NULL)`,
  ],
  [
    'balance is the sum of postings',
    () => sql`UPDATE accounts SET balance = balance + 1 WHERE kind = 'agent' AND owner_id = ${at.client}`,
  ],
  [
    'a settled job holds nothing',
    () => sql`UPDATE jobs SET status = 'cancelled', settled_at = created_at WHERE job_id = ${jobId}`,
  ],
  [
    'a funded job holds its price and bond',
    () => sql`UPDATE accounts SET owner_id = ${at.seller} WHERE kind = 'bond' AND owner_id = ${jobId}`,
  ],
  [
    'an agent that left owns nothing',
    () => sql`UPDATE agents SET status = 'deactivated' WHERE agent_id = ${at.seller}`,
  ],
])(
  'the audit of the whole ledger and the look at some transfers both find where this does not hold: %s',
  async (rule, change) => {
    const { whole, part } = await faultsAfter(change());
    expect(whole.map((fault) => fault.rule)).toContain(rule);
    expect(part.map((fault) => fault.rule)).toContain(rule);
  },
);
