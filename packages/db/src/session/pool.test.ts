import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { createDb, type Db } from '../create-db.ts';
import { isDatabaseDown } from '../database-errors.ts';
import { createWriteProbe } from '../queries/probe-writes.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';

const SESSIONS = 4;
let database: TestDatabase;
let superuser: pg.Client;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  superuser = new pg.Client({ connectionString: database.url('superuser') });
  await superuser.connect();
});
afterAll(async () => {
  await superuser.end();
  await database.drop();
});
beforeEach(() => {
  db = createDb({ url: database.url('registry_api'), poolMax: SESSIONS, applicationName: 'tried' });
});
afterEach(() => db.destroy());

const pidOf = async (from: Db): Promise<number> =>
  (await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(from)).rows[0]!.pid;
const write = () => sql`SELECT nextval(pg_get_serial_sequence('writable', 'n'))`.execute(db);
/** As many at once as the pool has sessions. */
const readOnAll = () =>
  Promise.all(
    Array.from({ length: SESSIONS }, () => db.transaction().execute((trx) => sql`SELECT 1`.execute(trx))),
  );

/** The server becomes one that takes no writes, as a primary that was failed over: sessions are cut, and new ones are read-only. */
async function failOver(): Promise<void> {
  const name = new URL(database.url('superuser')).pathname.slice(1);
  await superuser.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  await superuser.query(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'tried' AND datname = current_database()",
  );
}
/** Tries until it succeeds. */
async function until(work: () => Promise<void>): Promise<void> {
  const isDone = () =>
    work().then(
      () => true,
      () => false,
    );
  while (!(await isDone())) await setImmediate();
}

async function recover(): Promise<void> {
  const name = new URL(database.url('superuser')).pathname.slice(1);
  await superuser.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
}

describe('after a failover to a server that took no writes for a while', () => {
  beforeAll(async () => {
    await superuser.query('CREATE TABLE writable (n bigserial)');
    await superuser.query('GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO registry_api');
  });
  afterEach(recover);

  async function becomeReadOnly(): Promise<void> {
    await failOver();
    await readOnAll().catch(() => undefined); // Those that were cut fail once.
    await readOnAll();
    await expect(write()).rejects.toMatchObject({ code: '25006' });
  }

  test('every write succeeds once one did, however many sessions were opened meanwhile', async () => {
    await becomeReadOnly();
    await readOnAll();
    await recover();
    await until(createWriteProbe(db, 'recovered'));
    const writes = await Promise.allSettled(Array.from({ length: 64 }, write));
    expect(writes.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  test('the first write that follows a refused one is tried on a new session, and succeeds', async () => {
    await becomeReadOnly();
    await recover();
    await write();
  });

  test('after a failover to a server that took no writes for a while reads are served while no session takes writes', async () => {
    await becomeReadOnly();
    for (let round = 0; round < 10; round += 1) await readOnAll();
  });

  test('the write probe fails while the server is read-only, and succeeds once it is not', async () => {
    const probe = createWriteProbe(db, 'tried');
    await becomeReadOnly();
    await expect(probe()).rejects.toMatchObject({ code: '25006' });
    await recover();
    await until(probe);
  });
});

test('a session that is older than its lifetime is not used again', async () => {
  const mortal = createDb({ url: database.url('registry_api'), poolMax: 1, lifetimeMs: 0 });
  const lasting = createDb({ url: database.url('registry_api'), poolMax: 1 });
  expect(await pidOf(mortal)).not.toBe(await pidOf(mortal));
  expect(await pidOf(lasting)).toBe(await pidOf(lasting));
  await Promise.all([mortal.destroy(), lasting.destroy()]);
});

test('a hundred write probes at once are one write', async () => {
  const writes = async () => {
    const { rows } = await superuser.query<{ seen: string }>(
      "SELECT updated_at::text AS seen FROM deployment_facts WHERE name = 'heartbeat:many'",
    );
    return rows[0]?.seen;
  };
  const probe = createWriteProbe(db, 'many');
  await Promise.all(Array.from({ length: 50 }, probe));
  const first = await writes();
  expect(first).toBeDefined();
  await Promise.all(Array.from({ length: 50 }, probe));
  expect(await writes()).toBe(first);
});

describe('a pooler', () => {
  const error = (code: string, message: string): Buffer => {
    const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
    const head = Buffer.alloc(5);
    head.write('E');
    head.writeInt32BE(fields.length + 4, 1);
    return Buffer.concat([head, fields]);
  };

  async function against(answer: (socket: Socket) => void): Promise<unknown> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const pooled = createDb({ url: `postgres://u:p@127.0.0.1:${port}/d`, poolMax: 1 });
    const failure: unknown = await pidOf(pooled).catch((reason: unknown) => reason);
    await pooled.destroy();
    server.close();
    return failure;
  }

  test('that refuses the parameters of a session is named, with what to set', async () => {
    const failure = await against((socket) =>
      socket.end(error('08P01', 'unsupported startup parameter: options')),
    );
    expect(failure).toMatchObject({
      message: expect.stringMatching(
        /pooler refuses .*startup parameter: options.*ignore_startup_parameters/,
      ),
    });
    expect(isDatabaseDown(failure)).toBe(true);
  });

  test('that speaks another protocol counts as a database that is down', async () => {
    expect(isDatabaseDown(await against((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))).toBe(
      true,
    );
  });
});
