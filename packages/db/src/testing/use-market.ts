import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { sql } from 'kysely';
import type { Db } from '../create-db.ts';
import { createTestDatabase, type TestDatabase } from './create-test-database.ts';

/** The database of a file of tests. */
export interface MarketDatabase {
  readonly db: Db;
  readonly apiDb: Db;
  readonly dispatcherDb: Db;
  /** Takes all agents and listings away; each test begins so. */
  empty(): Promise<void>;
}

/** Gives the tests of a file one migrated database, without an agent or a listing before each. */
export function useMarket(): MarketDatabase {
  let database: TestDatabase;
  const empty = async (): Promise<void> => {
    await sql`TRUNCATE agents, listings, search_lexemes, search_changes CASCADE`.execute(database.db);
  };
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(empty);
  afterAll(() => database.drop());
  return {
    get db() {
      return database.db;
    },
    get apiDb() {
      return database.apiDb;
    },
    get dispatcherDb() {
      return database.dispatcherDb;
    },
    empty,
  };
}
