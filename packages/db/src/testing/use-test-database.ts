import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from './create-test-database.ts';

/** Gives the tests of a file one migrated database for all of them, or for each. It is there once the first of them begins. */
export function useTestDatabase({ isFresh = false } = {}): Omit<TestDatabase, 'drop'> {
  let database: TestDatabase;
  (isFresh ? beforeEach : beforeAll)(async () => {
    database = await createTestDatabase();
  });
  (isFresh ? afterEach : afterAll)(() => database.drop());
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
    url: (role) => database.url(role),
  };
}
