import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Db } from '../create-db.ts';
import { createTestDatabase, type TestDatabase } from './index.ts';

let first: TestDatabase;
let second: TestDatabase;

const userOf = async (db: Db) =>
  (await sql<{ user: string }>`SELECT session_user AS user`.execute(db)).rows[0]?.user;

beforeAll(async () => {
  [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});

afterAll(async () => {
  await Promise.all([first.drop(), second.drop()]);
});

describe('a test database', () => {
  test('a test database is migrated, and is nobody else’s', async () => {
    await sql`CREATE TABLE mine (n int)`.execute(first.db);
    await expect(sql`SELECT * FROM mine`.execute(second.db)).rejects.toThrow('does not exist');
    const { rows } = await sql`SELECT agent_id FROM agents`.execute(second.db);
    expect(rows).toEqual([]);
  });

  test('a test database is entered by each service as its own role', async () => {
    expect(await userOf(first.db)).toBe('registry_owner');
    expect(await userOf(first.apiDb)).toBe('registry_api');
    expect(await userOf(first.dispatcherDb)).toBe('registry_dispatcher');
  });

  test('a test database lets neither service rewrite the ledger', async () => {
    for (const db of [first.apiDb, first.dispatcherDb]) {
      for (const table of ['postings', 'transfers', 'operator_audit', 'negotiation_entries']) {
        await expect(sql`DELETE FROM ${sql.table(table)}`.execute(db)).rejects.toThrow('permission denied');
        await expect(sql.raw(`TRUNCATE ${table}`).execute(db)).rejects.toThrow('permission denied');
        await expect(sql.raw(`DROP TABLE ${table}`).execute(db)).rejects.toThrow('must be owner');
      }
    }
  });

  test('a test database is gone once dropped', async () => {
    const third = await createTestDatabase();
    const name = new URL(third.url('superuser')).pathname.slice(1);
    await third.drop();
    const { rows } = await sql`SELECT FROM pg_database WHERE datname = ${name}`.execute(first.db);
    expect(rows).toEqual([]);
  });
});
