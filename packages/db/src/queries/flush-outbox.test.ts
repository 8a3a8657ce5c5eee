import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { createDb, type Db, SERVICE_SETTINGS, type Tx } from '../create-db.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { transaction } from '../transaction.ts';
import { type Consequences, flushOutbox } from './flush-outbox.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
/** By then a session keeps a statement's plan. */
const PLANNED_BY = 10;
const OTHERS = 3_000;

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url('registry_dispatcher'), poolMax: 1, settings: SERVICE_SETTINGS });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const nothing: Consequences = {
  events: [],
  deliveries: [],
  entries: [],
  oldTimers: [],
  keptBytes: [],
  writtenBytes: null,
  leaves: [],
  salts: [],
};
const timers = (names: readonly string[], dueAt = NOW) =>
  names.map((subject, index) => ({
    outbox_id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    kind: 'timer' as const,
    subject,
    cycle: 1,
    attempt: 1,
    job_id: null,
    due_at: dueAt,
  }));

/** What scans of the index, and of the table, have returned. */
async function entriesRead(trx: Tx): Promise<number> {
  const { rows } = await sql<{ entries: bigint }>`
    SELECT pg_stat_get_xact_tuples_returned('outbox_subject_kind_cycle_attempt_key'::regclass)
      + pg_stat_get_xact_tuples_returned('outbox'::regclass) AS entries`.execute(trx);
  return Number(rows[0]!.entries);
}

/** Index entries that one job's move to another state reads. */
function readByMove(name: string): Promise<number> {
  return transaction(db, async (trx) => {
    // What the session has not reported yet counts too.
    const before = await entriesRead(trx);
    await flushOutbox(trx, { ...nothing, oldTimers: [name, 'nobody'] }, NOW);
    return (await entriesRead(trx)) - before;
  });
}

test('a job that moves on looks at its own timers alone, however many of others have just ended', async () => {
  const names = Array.from({ length: OTHERS }, (_, index) => `job ${index}:proposal_expiry`);
  await transaction(db, (trx) => flushOutbox(trx, { ...nothing, entries: timers(names) }, NOW));
  await transaction(db, (trx) => flushOutbox(trx, { ...nothing, oldTimers: names.slice(1) }, NOW));
  expect(await readByMove(names[0]!)).toBeLessThanOrEqual(2);
  expect(await db.selectFrom('outbox').selectAll().execute()).toEqual([]);
});

test('a job that moves on looks at its own timers alone, however many there are since Postgres last counted', async () => {
  const superuser = new pg.Client({ connectionString: database.url('superuser') });
  await superuser.connect();
  await superuser.query('VACUUM ANALYZE outbox');
  await superuser.end();
  for (let planned = 0; planned < PLANNED_BY; planned += 1) await readByMove('nobody');
  const names = Array.from({ length: OTHERS }, (_, index) => `job ${index}:proposal_expiry`);
  await transaction(db, (trx) => flushOutbox(trx, { ...nothing, entries: timers(names) }, NOW));
  expect(await readByMove(names[0]!)).toBeLessThanOrEqual(2);
  await transaction(db, (trx) => flushOutbox(trx, { ...nothing, oldTimers: names }, NOW));
});

test('what has nothing to write writes nothing, and what has one thing writes that alone', async () => {
  const flush = (some: Partial<Consequences>) =>
    transaction(db, (trx) => flushOutbox(trx, { ...nothing, ...some }, NOW));
  expect(await flush({ oldTimers: ['nobody'] })).toEqual({ due: [], awaited: [] });
  expect(await flush({ entries: timers(['later'], new Date(NOW.getTime() + 7_200_000)) })).toEqual({
    due: [],
    awaited: [],
  });
  const { due } = await flush({ entries: timers(['later', 'now']).slice(1) });
  expect(due).toMatchObject([{ subject: 'now', generation: 0 }]);
  expect((await flush({ entries: timers(['later']) })).due).toMatchObject([{ generation: 1 }]);
});
