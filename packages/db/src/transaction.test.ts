import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createDb, type Db, type Tx } from './create-db.ts';
import { isDatabaseDown } from './database-errors.ts';
import { countRoundTrips, createTestDatabase, type TestDatabase } from './testing/index.ts';
import { transaction } from './transaction.ts';

const NAME = 'pipelined';
let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url('registry_owner'), poolMax: 1, applicationName: NAME });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});
beforeEach(async () => {
  await sql`DROP TABLE IF EXISTS kept; CREATE TABLE kept (n integer PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)`.execute(
    db,
  );
});

const insert = (trx: Tx | Db, n: number) => sql`INSERT INTO kept VALUES (${n})`.execute(trx);
const count = async (from: Tx | Db) =>
  Number((await sql<{ count: bigint }>`SELECT count(*) FROM kept`.execute(from)).rows[0]!.count);
const divideByZero = (trx: Tx) => sql`SELECT 1 / ${0}::integer`.execute(trx);
const tripsOf = (work: (trx: Tx) => Promise<unknown>) => countRoundTrips(NAME, () => transaction(db, work));

test('queries that are asked for together are one round trip with BEGIN, and each sees what those before it did', async () => {
  let counts: number[] = [];
  const trips = await tripsOf(async (trx) => {
    const [before, , after] = await Promise.all([count(trx), insert(trx, 1), count(trx)]);
    counts = [before, after];
  });
  expect(counts).toEqual([0, 1]);
  expect(trips).toEqual([expect.stringMatching(/^begin; SELECT.*; INSERT.*; SELECT/), 'commit']);
});

test('COMMIT travels with the query that nobody waited for', async () => {
  const trips = await tripsOf(async (trx) => {
    void insert(trx, 1);
  });
  expect(trips).toEqual([expect.stringMatching(/^begin; INSERT.*; commit$/)]);
  expect(await count(db)).toBe(1);
});

test('a transaction that asks for nothing sends nothing', async () => {
  expect(await tripsOf(async () => 'nothing')).toEqual([]);
});

test('a last query that fails is the failure of the transaction, and nothing stays', async () => {
  const doomed = transaction(db, async (trx) => {
    await insert(trx, 1);
    divideByZero(trx).catch(() => undefined);
  });
  await expect(doomed).rejects.toMatchObject({ code: '22012' });
  expect(await count(db)).toBe(0);
});

test('a constraint that only COMMIT finds broken is the failure of the transaction, and nothing stays', async () => {
  await insert(db, 1);
  const doomed = transaction(db, async (trx) => {
    void insert(trx, 1);
  });
  await expect(doomed).rejects.toMatchObject({ code: '23505' });
  expect(await count(db)).toBe(1);
});

test('queries behind one that fails are not run and fail as it did; those before it have their results', async () => {
  const results: PromiseSettledResult<unknown>[] = [];
  const doomed = transaction(db, async (trx) => {
    results.push(...(await Promise.allSettled([count(trx), divideByZero(trx), insert(trx, 1)])));
  });
  await expect(doomed).rejects.toThrow(/rolled back instead of committed/);
  expect(results).toMatchObject([
    { status: 'fulfilled', value: 0 },
    { status: 'rejected', reason: { code: '22012' } },
    { status: 'rejected', reason: { code: '22012' } },
  ]);
});

test('where BEGIN fails, none of the queries that travel with it or follow it is run', async () => {
  await transaction(db, (trx) => insert(trx, 1)); // BEGIN is prepared by now
  await sql`DEALLOCATE ALL`.execute(db);
  const results: PromiseSettledResult<unknown>[] = [];
  const doomed = transaction(db, async (trx) => {
    const travelling = insert(trx, 2);
    results.push(...(await Promise.allSettled([travelling])));
    results.push(...(await Promise.allSettled([insert(trx, 3)])));
  });
  await expect(doomed).rejects.toThrow('outside it');
  expect(results).toMatchObject([{ reason: { code: '26000' } }, { reason: { message: /outside it/ } }]);
  expect(await count(db)).toBe(1);
});

test('a query that is asked for once its transaction has ended is refused', async () => {
  let leaked: Tx | undefined;
  await transaction(db, async (trx) => {
    leaked = trx;
    await insert(trx, 1);
  });
  await expect(insert(leaked!, 2)).rejects.toThrow('has ended');
  expect(await count(db)).toBe(1);
});

test('what a transaction had not sent when it was given up is not sent', async () => {
  let unsent: Promise<unknown> = Promise.resolve();
  const trips = await countRoundTrips(NAME, () =>
    transaction(db, async (trx) => {
      unsent = insert(trx, 1);
      unsent.catch(() => undefined);
      throw new Error('given up');
    }).catch(() => undefined),
  );
  await expect(unsent).rejects.toThrow('rolled back');
  expect(trips).toEqual([]);
});

test('the connection of a transaction that breaks fails it as a database that is down', async () => {
  const broken = transaction(db, async (trx) => {
    await insert(trx, 1);
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx);
    await sql`SELECT pg_terminate_backend(${rows[0]!.pid}, 5000)`.execute(database.db);
    await insert(trx, 2);
  });
  expect(isDatabaseDown(await broken.catch((error: unknown) => error))).toBe(true);
  expect(await count(db)).toBe(0);
});

test('a parameter that cannot be sent fails its query alone', async () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  await expect(sql`SELECT ${loop}::json`.execute(db)).rejects.toThrow(/circular/i);
  expect(await count(db)).toBe(0);
});

test('several statements in one text run in the transaction that they are asked for in', async () => {
  const doomed = transaction(db, async (trx) => {
    await sql`INSERT INTO kept VALUES (1); INSERT INTO kept VALUES (2)`.execute(trx);
    expect(await count(trx)).toBe(2);
    throw new Error('given up');
  });
  await expect(doomed).rejects.toThrow('given up');
  expect(await count(db)).toBe(0);
});
