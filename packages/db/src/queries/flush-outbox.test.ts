import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { transaction } from '../transaction.ts';
import { type Consequences, flushOutbox } from './flush-outbox.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const ENDED = 3_000;

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.dispatcherDb;
});
afterAll(() => database.drop());

const nothing: Consequences = {
  events: [],
  deliveries: [],
  entries: [],
  oldTimers: [],
  keptBytes: [],
  writtenBytes: [],
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

/** Entries that scans of the index have returned. */
async function entriesRead(trx: Tx): Promise<number> {
  const { rows } = await sql<{ entries: bigint }>`
    SELECT pg_stat_get_xact_tuples_returned('outbox_kind_subject_cycle_attempt_key'::regclass) AS entries`.execute(
    trx,
  );
  return Number(rows[0]!.entries);
}

test('a job that moves on looks at its own timers alone, however many of others have just ended', async () => {
  const names = Array.from({ length: ENDED }, (_, index) => `job ${index}:proposal_expiry`);
  await transaction(db, (trx) => flushOutbox(trx, { ...nothing, entries: timers(names) }, NOW));
  await transaction(db, (trx) => flushOutbox(trx, { ...nothing, oldTimers: names.slice(1) }, NOW));
  const looked = await transaction(db, async (trx) => {
    // What the session has not reported yet counts too.
    const before = await entriesRead(trx);
    await flushOutbox(trx, { ...nothing, oldTimers: ['job 0:proposal_expiry', 'job 0:funding_window'] }, NOW);
    return (await entriesRead(trx)) - before;
  });
  expect(looked).toBeLessThanOrEqual(2);
  expect(await db.selectFrom('outbox').selectAll().execute()).toEqual([]);
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
