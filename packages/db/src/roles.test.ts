import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { useTestDatabase } from './testing/index.ts';

const database = useTestDatabase();

const APPEND_ONLY = ['transfers', 'postings', 'negotiation_entries', 'operator_audit', 'recalls'] as const;

describe.each(['apiDb', 'dispatcherDb'] as const)('the role of %s', (role) => {
  test.each(APPEND_ONLY)('a service’s role may not rewrite %s', async (table) => {
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

  test.each(['agents', 'jobs', 'accounts', 'reviews', 'listings', 'rejudgements'])(
    'may not remove rows of %s',
    async (table) => {
      await expect(sql`DELETE FROM ${sql.table(table)}`.execute(database[role])).rejects.toThrow(
        /permission denied/,
      );
    },
  );

  test.each([
    ['log_leaves', ['leaf_id', 'kind', 'subject', 'job_id', 'leaf', 'created_at']],
    ['log_nodes', ['level', 'node', 'hash']],
    ['log_checkpoints', ['size', 'previous_size', 'root', 'note', 'signed_at']],
    ['log_published', ['size', 'published_at']],
    ['log_cosignatures', ['size', 'witness', 'line', 'created_at']],
    ['job_salts', ['job_id', 'salt']],
  ])('may not rewrite %s of the transparency log, nor remove from it', async (table, columns) => {
    const forbidden = [
      sql`DELETE FROM ${sql.table(table)}`,
      sql`TRUNCATE ${sql.table(table)}`,
      ...columns.map((name) => sql`UPDATE ${sql.table(table)} SET ${sql.ref(name)} = ${sql.ref(name)}`),
    ];
    for (const statement of forbidden)
      await expect(statement.execute(database[role])).rejects.toThrow(/permission denied/);
  });

  test('a service’s role may not give a leaf its place in the log by writing it', async () => {
    const insert = sql`INSERT INTO log_leaves (leaf_id, kind, subject, leaf, created_at, log_index)
      VALUES (gen_random_uuid(), 'genesis', 'x', '{}', now(), 0)`;
    await expect(insert.execute(database[role])).rejects.toThrow(/permission denied/);
  });

  test('a service’s role may not rewrite what an event said', async () => {
    await expect(sql`UPDATE events SET body = body`.execute(database[role])).rejects.toThrow(
      /permission denied/,
    );
  });

  test('a service’s role cannot give itself the right to rewrite the ledger', async () => {
    const db = database[role];
    await sql`GRANT UPDATE ON postings TO registry_api, registry_dispatcher`.execute(db); // a warning, and no effect
    const { rows } = await sql<{
      may: boolean;
    }>`SELECT has_table_privilege('postings', 'UPDATE') AS may`.execute(db);
    expect(rows).toEqual([{ may: false }]);
  });

  test('a service’s role may not change the schema or become the owner', async () => {
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

describe('the transparency log', () => {
  const insertLeaf = sql`INSERT INTO log_leaves (leaf_id, kind, subject, leaf, created_at)
    VALUES (gen_random_uuid(), 'totals', gen_random_uuid()::text, '{}', now())`;

  test('the transparency log takes leaves from both roles, and places, nodes and checkpoints from the dispatcher alone', async () => {
    await insertLeaf.execute(database.apiDb);
    await insertLeaf.execute(database.dispatcherDb);
    const forbidden = [
      sql`UPDATE log_leaves SET log_index = 0`,
      sql`INSERT INTO log_nodes VALUES (1, 0, sha256(''))`,
      sql`INSERT INTO log_checkpoints VALUES (1, 0, sha256(''), 'note', now())`,
      sql`INSERT INTO log_published VALUES (1, now())`,
      sql`INSERT INTO log_cosignatures VALUES (1, 'w', 'line', now())`,
    ];
    for (const statement of forbidden)
      await expect(statement.execute(database.apiDb)).rejects.toThrow(/permission denied/);
  });

  test('the transparency log lets no leaf lose its place or get another one', async () => {
    const db = database.dispatcherDb;
    await insertLeaf.execute(db);
    const newest = sql`(SELECT max(entry_id) FROM log_leaves)`;
    await sql`UPDATE log_leaves SET log_index = 7 WHERE entry_id = ${newest}`.execute(db);
    for (const place of [sql`NULL`, sql`8`, sql`7`]) {
      const move = sql`UPDATE log_leaves SET log_index = ${place} WHERE entry_id = ${newest}`;
      await expect(move.execute(db)).rejects.toThrow(/keeps its place/);
    }
  });

  test('the transparency log cannot be forked: a size is followed by one checkpoint', async () => {
    const db = database.dispatcherDb;
    await sql`INSERT INTO log_checkpoints VALUES (5, 0, sha256('a'), 'note', now())`.execute(db);
    const fork = sql`INSERT INTO log_checkpoints VALUES (6, 0, sha256('b'), 'note', now())`;
    await expect(fork.execute(db)).rejects.toThrow(/log_checkpoints_previous_size_key/);
  });
});

describe('the ledger’s last line of defence', () => {
  test('the kept sums of the ledger are written by the dispatcher alone, and there is one row of them', async () => {
    const { apiDb, dispatcherDb } = database;
    const forbidden = [
      [apiDb, sql`UPDATE ledger_sums SET fees = fees`],
      [apiDb, sql`INSERT INTO ledger_sums DEFAULT VALUES`],
      [dispatcherDb, sql`INSERT INTO ledger_sums DEFAULT VALUES`],
      [dispatcherDb, sql`DELETE FROM ledger_sums`],
    ] as const;
    for (const [db, statement] of forbidden)
      await expect(statement.execute(db)).rejects.toThrow(/permission denied/);
    await sql`UPDATE ledger_sums SET fees = fees`.execute(dispatcherDb);
    await expect(sql`INSERT INTO ledger_sums DEFAULT VALUES`.execute(database.db)).rejects.toThrow(
      /duplicate key/,
    );
  });

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
