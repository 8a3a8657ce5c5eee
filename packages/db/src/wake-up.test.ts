import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';
import { createAnnouncer, createWakeUps, type WakeUps } from './wake-up.ts';

let database: TestDatabase;
let wakeUps: WakeUps | null = null;
const never = (error: unknown): void => {
  throw error;
};

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await wakeUps?.close();
  wakeUps = null;
});
afterAll(() => database.drop());

const listenTo = (onError: (error: unknown) => void = () => undefined): WakeUps => {
  wakeUps = createWakeUps({ url: database.url('registry_api') }, onError);
  return wakeUps;
};
/** Resolves when the key is announced; whoever subscribes is also woken when the connection is made. */
const woken = (at: WakeUps, key: string): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  at.subscribe(key, resolve);
  return promise;
};

test('who waits for a key is woken when another instance announces it, and others sleep on', async () => {
  const at = listenTo();
  await woken(at, 'job:connected');
  let others = 0;
  at.subscribe('job:other', () => {
    others += 1;
  });
  const mine = woken(at, 'job:mine');
  createAnnouncer(database.dispatcherDb, never)(['job:nobody', 'job:mine']);
  await mine;
  expect(others).toBe(0);
});

test('who no longer waits is not woken', async () => {
  const at = listenTo();
  await woken(at, 'job:connected');
  let times = 0;
  at.subscribe('job:a', () => {
    times += 1;
  })();
  const last = woken(at, 'job:b');
  createAnnouncer(database.dispatcherDb, never)(['job:a', 'job:b']);
  await last;
  expect(times).toBe(0);
});

test('a connection that is cut is made again, and wakes everybody, for something may have been missed', async () => {
  const errors: unknown[] = [];
  const at = listenTo((error) => errors.push(error));
  await woken(at, 'job:connected');
  const missed = woken(at, 'job:missed');
  const superuser = new pg.Client({ connectionString: database.url('superuser') });
  await superuser.connect();
  await superuser.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wake-ups' AND datname = current_database()`,
  );
  await superuser.end();
  await missed;
  expect(errors.length).toBeGreaterThan(0);
  const next = woken(at, 'job:next');
  createAnnouncer(database.dispatcherDb, never)(['job:next']);
  await next;
});

test('keys that are announced together go in as few notifications as hold them', async () => {
  const client = new pg.Client({ connectionString: database.url('registry_api') });
  await client.connect();
  await client.query('LISTEN registry_wake_up');
  const heard: string[][] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  client.on('notification', ({ payload }) => {
    heard.push(JSON.parse(payload!) as string[]);
    if (heard.flat().length === 250) resolve();
  });
  const keys = Array.from({ length: 250 }, (_, index) => `job:${index}`);
  createAnnouncer(database.dispatcherDb, never)([...keys, 'x'.repeat(9_000)]);
  await promise;
  expect(heard.map((one) => one.length)).toEqual([100, 100, 50]);
  expect(heard.flat()).toEqual(keys);
  await client.end();
});

test('an announcement that the database does not take is told of, and fails nobody', async () => {
  const errors: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const other = await createTestDatabase();
  const announce = createAnnouncer(other.dispatcherDb, (error) => {
    errors.push(error);
    resolve();
  });
  await other.drop();
  announce(['job:a']);
  await promise;
  expect(errors).toHaveLength(1);
});
