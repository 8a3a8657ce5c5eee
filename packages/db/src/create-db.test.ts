import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createDb, type Db } from './create-db.ts';
import { useTestDatabase } from './testing/index.ts';

const database = useTestDatabase();

/** Ends the backend behind a connection, as a restart of the server would, and waits until it is gone. */
async function endBackend(pid: number): Promise<void> {
  await sql`SELECT pg_terminate_backend(${pid}, 5000)`.execute(database.db);
}

const pidOf = async (db: Db): Promise<number> =>
  (await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db)).rows[0]!.pid;

test('a connection that breaks between two statements of a transaction fails that transaction alone', async () => {
  const idleErrors: Error[] = [];
  const db = createDb({
    url: database.url('registry_owner'),
    poolMax: 1,
    onIdleError: (error) => idleErrors.push(error),
  });
  const broken = db.transaction().execute(async (trx) => {
    await endBackend(await pidOf(trx));
    await sql`SELECT 1`.execute(trx);
  });
  await expect(broken).rejects.toThrow();
  expect(idleErrors).toEqual([]);
  expect(await pidOf(db)).toBeGreaterThan(0);
  await db.destroy();
});
