import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import pg from 'pg';
import { migrateToLatest, pendingMigrations } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

let database: TestDatabase;
const other = () => new pg.Client({ connectionString: database.url('superuser') });
const migrate = (added: Record<string, Migration>, options = {}) =>
  migrateToLatest(
    { url: database.url('superuser') },
    { migrations: { ...migrations, ...added }, ...options },
  );

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('a migration may take as long as it needs, and waits for a lock for seconds', async () => {
  const shown: Record<string, unknown>[] = [];
  const show: Migration = {
    up: async (db) => {
      for (const setting of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])
        shown.push(...(await sql.raw<Record<string, unknown>>(`SHOW ${setting}`).execute(db)).rows);
    },
  };
  expect(await migrate({ '9001-shows': show })).toEqual(['9001-shows']);
  expect(shown).toEqual([
    { statement_timeout: '0' },
    { lock_timeout: '2s' },
    { idle_in_transaction_session_timeout: '0' },
  ]);
});

test('a table that is in use is tried again, a reader that came meanwhile is served between, and what was applied before stays', async () => {
  const user = other();
  const reader = other();
  await Promise.all([user.connect(), reader.connect()]);
  await user.query('BEGIN');
  await user.query('SELECT 1 FROM agents LIMIT 1');
  const names: string[] = [];
  const refused = Promise.withResolvers<void>();
  const migrating = migrate(
    {
      '9001-shows': { up: async () => undefined },
      '9002-easy': { up: async (db) => void (await sql`CREATE TABLE easy (n int)`.execute(db)) },
      '9003-hard': {
        up: async (db) => void (await sql`ALTER TABLE agents ADD COLUMN hard int`.execute(db)),
      },
    },
    {
      lockTimeoutMs: 50,
      onRetry: (name: string) => {
        names.push(name);
        refused.resolve();
      },
    },
  );
  await refused.promise;
  await reader.query('SELECT 1 FROM agents LIMIT 1');
  await reader.query('SELECT n FROM easy');
  await user.query('COMMIT');
  expect(await migrating).toEqual(['9002-easy', '9003-hard']);
  expect(new Set(names)).toEqual(new Set(['9003-hard']));
  await Promise.all([user.end(), reader.end()]);
});

describe('on a database that is newer than the code', () => {
  test('there is nothing to do, and the service is ready for it', async () => {
    expect(await migrateToLatest({ url: database.url('superuser') })).toEqual([]);
    expect(await pendingMigrations(database.apiDb)).toEqual([]);
  });

  test.each([
    ['renamed', (names: string[]) => names.map((name) => (name === '0002-listings' ? '0002-offers' : name))],
    ['missing', (names: string[]) => names.filter((name) => name !== '0003-jobs')],
  ])('a migration of the middle that is %s is an error that names it', async (_, change) => {
    const names = change(Object.keys(migrations));
    const others = Object.fromEntries(names.map((name) => [name, { up: async () => undefined }]));
    const migrating = migrateToLatest({ url: database.url('superuser') }, { migrations: others });
    await expect(migrating).rejects.toThrow(/corrupted migrations: .*000[23]-/);
  });
});
