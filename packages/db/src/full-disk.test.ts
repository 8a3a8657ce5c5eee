import { afterAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { isDatabaseDown } from './database-errors.ts';
import { createWriteProbe } from './queries/probe-writes.ts';
import { createTestDatabase, moveToSmallDisk, type SmallDisk, whyNoSmallDisk } from './testing/index.ts';

const reason = whyNoSmallDisk();
const removals: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const remove of removals) await remove();
});

const withDisk = reason === null ? test : test.skip;
withDisk(
  'on a full disk the write probe fails as the writes do, and both succeed once there is room (skipped where nothing can be mounted)',
  async () => {
    const database = await createTestDatabase();
    const name = new URL(database.url('superuser')).pathname.slice(1);
    const server = new URL(database.url('superuser'));
    server.pathname = '/postgres';
    const disk: SmallDisk = await moveToSmallDisk(server.href, name);
    removals.push(
      () => database.drop(),
      () => disk.remove(),
    );
    const write = () =>
      sql`INSERT INTO deployment_facts SELECT 'fact ' || gen_random_uuid(), to_jsonb(repeat('x', 100)), now() FROM generate_series(1, 1000)`.execute(
        database.apiDb,
      );
    await write();
    disk.fill();
    await expect(write()).rejects.toMatchObject({ code: '53100' });
    const failure: unknown = await createWriteProbe(database.apiDb, 'full')().catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: '53100' });
    expect(isDatabaseDown(failure)).toBe(true);
    disk.empty();
    await write();
    await createWriteProbe(database.apiDb, 'full')();
  },
);
