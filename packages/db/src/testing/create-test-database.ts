import { createDb, type Db } from '../create-db.ts';
import { asRole, asSuperuser, newDatabaseName, type roles, serverUrl, withDatabase } from './admin.ts';
import { ensureTemplate } from './template.ts';

export type TestDatabaseRole = (typeof roles)[number] | 'superuser';

export interface TestDatabase {
  /** As `registry_owner`, who may do everything to the tables: for arranging and for looking. */
  readonly db: Db;
  /** As the API connects: what it may not do, this may not either. */
  readonly apiDb: Db;
  /** As the dispatcher connects. */
  readonly dispatcherDb: Db;
  /** Connects to this database as the role. */
  url(role: TestDatabaseRole): string;
  /** Closes the three pools and removes the database, whoever is still connected. */
  drop(): Promise<void>;
}

const defaultPoolMax = 10;
/** A crowded machine is no outage. */
const acquireTimeoutMs = 30_000;

/**
 * A migrated database of its own for a test file, copied from a template in some 50 ms. Needs TEST_DATABASE_URL, which
 * tools/testing sets. Call `drop` in `afterAll`.
 */
export async function createTestDatabase(options: { poolMax?: number } = {}): Promise<TestDatabase> {
  const template = await ensureTemplate();
  const name = newDatabaseName();
  await asSuperuser((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const url = (role: TestDatabaseRole) => {
    const superuser = withDatabase(serverUrl(), name);
    return role === 'superuser' ? superuser : asRole(superuser, role);
  };
  const open = (role: TestDatabaseRole) =>
    createDb({ url: url(role), poolMax: options.poolMax ?? defaultPoolMax, acquireTimeoutMs });
  const db = open('registry_owner');
  const apiDb = open('registry_api');
  const dispatcherDb = open('registry_dispatcher');
  return {
    db,
    apiDb,
    dispatcherDb,
    url,
    drop: async () => {
      await Promise.all([db.destroy(), apiDb.destroy(), dispatcherDb.destroy()]);
      await asSuperuser((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}
