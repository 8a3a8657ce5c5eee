import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createDb, type Db } from '../create-db.ts';
import { isPlanStale } from '../database-errors.ts';
import { findSigner, findSignerWithHoldings } from '../queries/find-signer.ts';
import { listNegotiationEntries } from '../queries/jobs.ts';
import { lockAccounts } from '../queries/ledger.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { transaction } from '../transaction.ts';
import { CUSTOM_PLAN } from './prepared-statements.ts';

const SESSIONS = 4;
let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url('registry_owner'), poolMax: SESSIONS });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});
beforeEach(async () => {
  await sql`DROP TABLE IF EXISTS changing; CREATE TABLE changing (a integer); INSERT INTO changing VALUES (1)`.execute(
    database.db,
  );
});

const readAll = async (from: Db) => (await sql`SELECT * FROM changing`.execute(from)).rows;
/** On as many sessions as the pool has. */
const readOnAll = () => Promise.all(Array.from({ length: SESSIONS }, () => transaction(db, readAll)));
const addColumn = (name: string) =>
  sql`ALTER TABLE changing ADD COLUMN ${sql.ref(name)} integer DEFAULT 2`.execute(database.db);

test('a statement is parsed and planned once a session, however often it runs', async () => {
  const one = createDb({ url: database.url('registry_owner'), poolMax: 1 });
  for (let run = 0; run < 8; run += 1) await sql`SELECT ${run}::integer AS twice`.execute(one);
  const { rows } = await sql<{ plans: bigint }>`
    SELECT generic_plans + custom_plans AS plans FROM pg_prepared_statements WHERE statement LIKE '%AS twice'`.execute(
    one,
  );
  expect(rows).toEqual([{ plans: 8n }]);
  await one.destroy();
});

test('what every request asks is planned anew five times a session, and then no more', async () => {
  const one = createDb({ url: database.url('registry_owner'), poolMax: 1 });
  const id = '00000000-0000-7000-8000-0000000000aa';
  for (let run = 0; run < 8; run += 1) {
    await findSigner(one, id, ['nonce', 'signature'], new Date());
    await listNegotiationEntries(one, [id]);
    await findSignerWithHoldings(one, id, [], new Date());
    await transaction(one, (trx) => lockAccounts(trx, [{ kind: 'agent', ownerId: id }]));
  }
  const { rows } = await sql`SELECT DISTINCT generic_plans, custom_plans FROM pg_prepared_statements
    WHERE statement NOT LIKE ALL (ARRAY['begin', 'commit', '%pg_prepared_statements%'])`.execute(one);
  expect(rows).toEqual([{ generic_plans: 3n, custom_plans: 5n }]);
  await one.destroy();
});

test('a table that gains a column under a live pool fails no query', async () => {
  await readOnAll();
  await addColumn('b');
  expect(await Promise.all(Array.from({ length: SESSIONS }, () => readAll(db)))).toEqual(
    Array.from({ length: SESSIONS }, () => [{ a: 1, b: 2 }]),
  );
});

test('a transaction that finds a table changed is undone with an error that says so, and every session is fit for the next', async () => {
  await readOnAll();
  await addColumn('b');
  const failure: unknown = await transaction(db, readAll).catch((error: unknown) => error);
  expect(isPlanStale(failure)).toBe(true);
  expect(await readOnAll()).toEqual(Array.from({ length: SESSIONS }, () => [{ a: 1, b: 2 }]));
});

test('a query that is refused since it asks for what is not there is no stale plan', async () => {
  const failure: unknown = await sql`SELECT missing FROM changing`
    .execute(db)
    .catch((error: unknown) => error);
  expect(isPlanStale(failure)).toBe(false);
});

test('a session whose statements were deallocated goes on', async () => {
  const one = createDb({ url: database.url('registry_owner'), poolMax: 1 });
  await readAll(one);
  await sql`DEALLOCATE ALL`.execute(one);
  expect(await readAll(one)).toEqual([{ a: 1 }]);
  await one.destroy();
});

test('a statement that asks for a plan of its own is not prepared', async () => {
  const one = createDb({ url: database.url('registry_owner'), poolMax: 1 });
  for (const n of [1, 2])
    expect((await sql`SELECT ${n}::integer AS n ${sql.raw(CUSTOM_PLAN)}`.execute(one)).rows).toEqual([{ n }]);
  const { rows } =
    await sql`SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1%'`.execute(one);
  expect(rows).toEqual([]);
  await one.destroy();
});

test('a session keeps a bounded number of statements, however many texts it is sent', async () => {
  const one = createDb({ url: database.url('registry_owner'), poolMax: 1 });
  for (let n = 0; n < 400; n += 1) await sql`SELECT ${sql.lit(n)} + ${n}::integer`.execute(one);
  const { rows } = await sql<{ count: bigint }>`SELECT count(*) FROM pg_prepared_statements`.execute(one);
  expect(Number(rows[0]!.count)).toBeLessThanOrEqual(257);
  await one.destroy();
});

test('a statement that fails while it is first run can be run again', async () => {
  const divide = (by: number) => sql<{ half: number }>`SELECT 10 / ${by}::integer AS half`.execute(db);
  for (let run = 0; run < SESSIONS; run += 1)
    await expect(divide(0)).rejects.toMatchObject({ code: '22012' });
  expect((await divide(5)).rows).toEqual([{ half: 2 }]);
});
