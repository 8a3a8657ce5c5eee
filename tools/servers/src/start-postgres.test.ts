import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { findNativeDirectory } from './binaries.ts';
import { findFreePort } from './free-port.ts';
import { identify, isAlive, sendSignal } from './process-identity.ts';
import { type RunningPostgres, startPostgres } from './start-postgres.ts';
import { startInAnotherProcess } from './testing/start-in-another-process.ts';
import { waitUntil } from './wait-until.ts';

let dataDir: string;
let running: RunningPostgres[] = [];

async function start(port = 0): Promise<RunningPostgres> {
  const postgres = await startPostgres({ dataDir, port });
  running.push(postgres);
  return postgres;
}

async function query(postgres: { url: string }, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => undefined); // A test that kills the server cuts its sessions.
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function isGone(pid: number): Promise<boolean> {
  return waitUntil(() => identify(pid) === null, { timeoutMs: 15_000 });
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'postgres-test-'));
  chmodSync(dataDir, 0o755);
});

afterEach(async () => {
  await Promise.all(running.map((postgres) => postgres.stop({ immediate: true })));
  running = [];
  rmSync(dataDir, { recursive: true, force: true });
});

describe('an embedded Postgres', () => {
  test('an embedded Postgres is version 16 in UTF-8 with the extensions that search needs', async () => {
    const postgres = await start();
    const [row] = await query(
      postgres,
      "select current_setting('server_version') as version, current_setting('server_encoding') as encoding",
    );
    expect(row).toEqual({ version: expect.stringMatching(/^16\./), encoding: 'UTF8' });
    await query(postgres, 'create extension pg_trgm; create extension unaccent');
  });

  test('an embedded Postgres keeps its data over a stop and a start', async () => {
    const first = await start();
    await query(first, 'create table kept (n int); insert into kept values (1)');
    await first.stop();
    expect(await query(await start(), 'select n from kept')).toEqual([{ n: 1 }]);
  });

  test('an embedded Postgres keeps what was committed when it is killed with -9, and starts again at once', async () => {
    const first = await start();
    await query(first, 'create table kept (n int); insert into kept values (2)');
    sendSignal(first.pid, 'SIGKILL');
    await first.exited;
    expect(await query(await start(), 'select n from kept')).toEqual([{ n: 2 }]);
  });

  test('an embedded Postgres keeps its password to its owner and lets nobody in without it', async () => {
    const postgres = await start();
    expect(statSync(join(dataDir, 'superuser-password')).mode & 0o777).toBe(0o600);
    const url = new URL(postgres.url);
    url.password = 'wrong';
    await expect(query({ url: url.href }, 'select 1')).rejects.toThrow('password authentication failed');
  });

  test('an embedded Postgres ends with its supervisor, even when that is killed with -9', async () => {
    const supervisor = await startInAnotherProcess({ dataDir });
    sendSignal(supervisor.pid, 'SIGKILL');
    expect(await isGone(supervisor.postgresPid)).toBe(true);
    await start();
  });

  test('an embedded Postgres removes what was temporary when its supervisor is killed with -9', async () => {
    const supervisor = await startInAnotherProcess({ tmpdir: dataDir });
    expect(readdirSync(dataDir)).toHaveLength(1);
    sendSignal(supervisor.pid, 'SIGKILL');
    expect(await isGone(supervisor.postgresPid)).toBe(true);
    expect(await waitUntil(() => readdirSync(dataDir).length === 0, { timeoutMs: 15_000 })).toBe(true);
  });

  test('an embedded Postgres stops the orphan that an earlier supervisor left, and keeps its data', async () => {
    const supervisor = await startInAnotherProcess({ dataDir });
    await query({ url: supervisor.url }, 'create table kept (n int); insert into kept values (3)');
    const orphan = identify(supervisor.postgresPid)!;
    supervisor.killDeathWatch();
    sendSignal(supervisor.pid, 'SIGKILL');
    expect(await isGone(supervisor.pid)).toBe(true);
    expect(isAlive(orphan)).toBe(true);
    expect(await query(await start(), 'select n from kept')).toEqual([{ n: 3 }]);
    expect(isAlive(orphan)).toBe(false);
  });

  test('an embedded Postgres refuses a data directory that a living process uses, and leaves that one alone', async () => {
    const first = await start();
    await expect(startPostgres({ dataDir, port: 0 })).rejects.toThrow(`in use by process ${process.pid}`);
    expect(await query(first, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('an embedded Postgres is not held up by a pid file whose number belongs to an unrelated process by now', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(dataDir, 'cluster', 'postmaster.pid'), `${process.pid}\n`);
    expect(await query(await start(), 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('an embedded Postgres names the port that another program has taken', async () => {
    const port = await findFreePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    try {
      await expect(startPostgres({ dataDir, port })).rejects.toThrow(`port ${port}`);
    } finally {
      other.close();
    }
    await start(port);
  });

  test('finishes a first start that was interrupted', async () => {
    mkdirSync(join(dataDir, 'cluster.unfinished'));
    writeFileSync(join(dataDir, 'cluster.unfinished', 'PG_VERSION'), '16');
    expect(await query(await start(), 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('an embedded Postgres never makes a new cluster over a damaged one', async () => {
    const first = await start();
    await first.stop();
    rmSync(join(dataDir, 'cluster', 'PG_VERSION'));
    await expect(start()).rejects.toThrow(/cluster/);
    expect(existsSync(join(dataDir, 'cluster', 'base'))).toBe(true);
  });

  test('an embedded Postgres says which platforms have one', () => {
    expect(() => findNativeDirectory('sunos', 'sparc')).toThrow(/sunos-sparc.*linux-x64.*TEST_DATABASE_URL/s);
  });
});
