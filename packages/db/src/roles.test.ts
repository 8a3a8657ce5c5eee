import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

const APPEND_ONLY = ['transfers', 'postings', 'negotiation_entries', 'operator_audit'] as const;

describe.each(['apiDb', 'dispatcherDb'] as const)('the role of %s', (role) => {
  test.each(APPEND_ONLY)('may not rewrite %s', async (table) => {
    const db = database[role];
    await expect(sql`SELECT 1 FROM ${sql.table(table)} LIMIT 1`.execute(db)).resolves.toBeDefined();
    await expect(sql`DELETE FROM ${sql.table(table)}`.execute(db)).rejects.toThrow(/permission denied/);
    await expect(sql`TRUNCATE ${sql.table(table)}`.execute(db)).rejects.toThrow(/permission denied/);
    const { rows } = await sql<{ name: string }>`
      SELECT attname AS name FROM pg_attribute WHERE attrelid = ${table}::regclass AND attnum > 0 AND attidentity = ''`.execute(
      db,
    );
    for (const { name } of rows) {
      const update = sql`UPDATE ${sql.table(table)} SET ${sql.ref(name)} = ${sql.ref(name)}`;
      await expect(update.execute(db)).rejects.toThrow(/permission denied/);
    }
  });

  test.each(['agents', 'jobs', 'accounts', 'reviews', 'listings'])(
    'may not remove rows of %s',
    async (table) => {
      await expect(sql`DELETE FROM ${sql.table(table)}`.execute(database[role])).rejects.toThrow(
        /permission denied/,
      );
    },
  );

  test('may not rewrite what an event said', async () => {
    await expect(sql`UPDATE events SET body = body`.execute(database[role])).rejects.toThrow(
      /permission denied/,
    );
  });

  test('cannot give itself the right to rewrite the ledger', async () => {
    const db = database[role];
    await sql`GRANT UPDATE ON postings TO registry_api, registry_dispatcher`.execute(db); // a warning, and no effect
    const { rows } = await sql<{
      may: boolean;
    }>`SELECT has_table_privilege('postings', 'UPDATE') AS may`.execute(db);
    expect(rows).toEqual([{ may: false }]);
  });

  test('may not change the schema or become the owner', async () => {
    const db = database[role];
    for (const statement of [
      'CREATE TABLE mine (x int)',
      'ALTER TABLE postings DISABLE TRIGGER ALL',
      'DROP TABLE nonces',
      'SET ROLE registry_owner',
    ]) {
      await expect(sql.raw(statement).execute(db)).rejects.toThrow(/permission denied|must be owner/);
    }
  });
});

describe('the ledger’s last line of defence', () => {
  test('a transfer whose postings do not sum to zero is not committed', async () => {
    const attempt = database.apiDb.transaction().execute(async (trx) => {
      const id = '00000000-0000-7000-8000-00000000beef';
      await trx
        .insertInto('transfers')
        .values({ transfer_id: id, reference: 'x', kind: 'deposit', job_id: null, created_at: new Date(0) })
        .execute();
      await trx
        .insertInto('postings')
        .values({
          transfer_id: id,
          account_id: '00000000-0000-7000-8000-000000000002',
          amount: -5n,
          balance_after: null,
        })
        .execute();
    });
    await expect(attempt).rejects.toThrow(/do not sum to zero/);
  });

  test('no agent, escrow or bond goes below zero', async () => {
    const insert = sql`INSERT INTO accounts (account_id, kind, owner_id, balance) VALUES (gen_random_uuid(), 'agent', gen_random_uuid(), -1)`;
    await expect(insert.execute(database.apiDb)).rejects.toThrow(/violates check constraint/);
  });
});
