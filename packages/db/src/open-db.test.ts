import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Db } from './create-db.ts';
import { openDb } from './open-db.ts';
import { lockAccounts } from './queries/ledger.ts';
import { useTestDatabase } from './testing/index.ts';
import { transaction } from './transaction.ts';

const ROWS = 1_000;
const database = useTestDatabase();

const openAccounts = (db: Db, count: number) =>
  sql`INSERT INTO accounts (account_id, kind, owner_id, balance)
    SELECT gen_random_uuid(), 'agent', gen_random_uuid(), 0 FROM generate_series(1, ${count}::integer)`.execute(
    db,
  );

test('a statement that a service prepared while a table was small does not read all of it when it has grown', async () => {
  const { db } = openDb(
    'api',
    {
      connection: { url: database.url('registry_api') },
      poolMax: 1,
      acquireTimeoutMs: 10_000,
      listen: false,
    },
    { warn: () => undefined },
  );
  await openAccounts(database.db, 3);
  await sql`ANALYZE accounts`.execute(database.db);
  const owner = await database.db
    .selectFrom('accounts')
    .select('owner_id')
    .where('kind', '=', 'agent')
    .executeTakeFirstOrThrow();
  /** Rows of the table that were read in its own order. */
  const readInOrder = () =>
    transaction(db, async (trx) => {
      const locked = await lockAccounts(trx, [{ kind: 'agent', ownerId: owner.owner_id }]);
      expect(locked).toMatchObject([owner]);
      const { rows } = await sql<{ read: bigint }>`
        SELECT pg_stat_get_xact_tuples_returned('accounts'::regclass) AS read`.execute(trx);
      return Number(rows[0]!.read);
    });
  const small = await readInOrder();
  await openAccounts(database.db, ROWS);
  const grown = await readInOrder();
  await db.destroy();
  expect([small, grown]).toEqual([0, 0]);
});
