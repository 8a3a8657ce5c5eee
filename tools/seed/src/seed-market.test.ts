import { marketRules } from '@agent-registry/config';
import { checkCriteria } from '@agent-registry/criteria';
import { createTestDatabase } from '@agent-registry/db/testing';
import { auditLedger } from '@agent-registry/operator';
import { JOB_STATUSES } from '@agent-registry/schemas';
import { createSealer } from '@agent-registry/signing';
import { expect, test } from '@jest/globals';
import { seedMarket } from './seed-market.ts';
import { skills } from './skills.ts';

const UNTIL = new Date('2026-06-15T09:30:00Z');
const sealer = createSealer({ currentKey: 'a key for tests, long enough to be taken' });
const rules = marketRules.parse({});

async function seeded(seed: string, share = 1) {
  const database = await createTestDatabase();
  const agents = await seedMarket({
    databaseUrl: database.url('superuser'),
    rules,
    sealer,
    seed,
    until: UNTIL,
    share,
  });
  return { database, agents };
}

test('the seeded market has 60 agents, 400 jobs in every state, settled ones and evidence among them, two months of history and a balanced ledger', async () => {
  const { database, agents } = await seeded('demo');
  const { db } = database;
  const jobs = await db.selectFrom('jobs').select(['status', 'created_at']).execute();
  const settled = await db
    .selectFrom('jobs')
    .select('job_id')
    .where('resolved_by', '=', 'agreement')
    .execute();
  const evidence = await db.selectFrom('job_evidence').select('evidence_id').execute();
  const audit = await auditLedger(database.url('registry_api'));
  await database.drop();
  expect(agents).toHaveLength(60);
  expect(jobs).toHaveLength(400);
  expect(new Set(jobs.map(({ status }) => status))).toEqual(new Set(JOB_STATUSES));
  const first = Math.min(...jobs.map(({ created_at }) => created_at.getTime()));
  expect(UNTIL.getTime() - first).toBeGreaterThan(56 * 86_400_000);
  expect(settled.length).toBeGreaterThan(2);
  expect(evidence.length).toBeGreaterThan(20);
  expect(audit.faults).toEqual([]);
}, 180_000);

test('the same seed and the same end make the same market, to the last id and cent', async () => {
  const shapes = [];
  for (const seed of ['a', 'a', 'b']) {
    const { database, agents } = await seeded(seed, 0.05);
    const rows = await database.db
      .selectFrom('jobs')
      .select(['job_id', 'status', 'price', 'updated_at'])
      .orderBy('job_id')
      .execute();
    const postings = await database.db
      .selectFrom('postings')
      .select(['transfer_id', 'account_id', 'amount', 'balance_after'])
      .orderBy('transfer_id')
      .orderBy('account_id')
      .execute();
    await database.drop();
    shapes.push({ agents, rows, postings });
  }
  expect(shapes[1]).toEqual(shapes[0]);
  expect(shapes[2]).not.toEqual(shapes[0]);
}, 180_000);

test('a registry that has agents is refused, and nothing in it changes', async () => {
  const { database } = await seeded('a', 0.01);
  const { db } = database;
  const count = () => db.selectFrom('events').select(db.fn.countAll().as('count')).executeTakeFirst();
  const before = await count();
  const again = {
    databaseUrl: database.url('superuser'),
    rules,
    sealer,
    seed: 'b',
    until: UNTIL,
    share: 0.01,
  };
  await expect(seedMarket(again)).rejects.toThrow('this one has agents');
  expect(await count()).toEqual(before);
  await database.drop();
}, 180_000);

test.each(
  skills.filter(({ criteria }) => criteria !== null).map(({ id, criteria }) => [id, criteria] as const),
)('the criteria of %s are such that the registry takes them', (_, criteria) => {
  expect(checkCriteria(criteria, { offeredRuntimes: ['javascript'], isProposal: true })).toMatchObject({
    ok: true,
  });
});
