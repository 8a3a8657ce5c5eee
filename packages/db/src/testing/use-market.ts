import { beforeEach } from '@jest/globals';
import { sql } from 'kysely';
import { useTestDatabase } from './use-test-database.ts';

/** Gives the tests of a file one migrated database, without an agent or a listing before each; `empty` takes them away once more. */
export function useMarket() {
  const database = useTestDatabase();
  const empty = async (): Promise<void> => {
    await sql`TRUNCATE agents, listings, search_lexemes, search_changes CASCADE`.execute(database.db);
  };
  beforeEach(empty);
  return Object.assign(database, { empty });
}
