import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { connectionConfig, type Db, type DbConnection } from './create-db.ts';

// LISTEN/NOTIFY saves waiting requests the polling, and no more: whoever waits polls as well, so that a NOTIFY that is lost
// costs half a second. It is sent after the commit, outside the transaction: inside, it would serialise all commits.

const CHANNEL = 'registry_wake_up';
/** One NOTIFY an instance in this time at most; what comes meanwhile goes with the next. */
const NOTIFY_INTERVAL_MS = 5;
/** Keys of at most KEY_CHARS_MAX characters in one NOTIFY, whose payload Postgres limits to 8,000 bytes. */
const KEYS_MAX = 100;
const KEY_CHARS_MAX = 64;
/** Keys that wait for the next NOTIFY; beyond that, those who wait poll. */
const BACKLOG_MAX = 10_000;
const RECONNECT_FIRST_MS = 100;
const RECONNECT_MAX_MS = 5_000;

export type Announce = (keys: readonly string[]) => void;

/**
 * Tells every instance that something has happened to these keys, such as `job:<id>`. Never waits and never fails: `onError`
 * hears of a NOTIFY that could not be sent.
 */
export function createAnnouncer(db: Db, onError: (error: unknown) => void): Announce {
  const backlog = new Set<string>();
  let isBusy = false;
  const send = async (): Promise<void> => {
    while (backlog.size > 0) {
      const keys = [...backlog].slice(0, KEYS_MAX);
      for (const key of keys) backlog.delete(key);
      try {
        // Whoever it wakes need not wait for a disk: what has happened is committed, and this need not survive a crash.
        await sql`SELECT set_config('synchronous_commit', 'off', true), pg_notify(${CHANNEL}, ${JSON.stringify(keys)})`.execute(
          db,
        );
      } catch (error) {
        onError(error);
      }
      await delay(NOTIFY_INTERVAL_MS, undefined, { ref: false });
    }
    isBusy = false;
  };
  return (keys) => {
    for (const key of keys) {
      if (key.length <= KEY_CHARS_MAX && backlog.size < BACKLOG_MAX) backlog.add(key);
    }
    if (isBusy || backlog.size === 0) return;
    isBusy = true;
    void send();
  };
}

export interface WakeUps {
  /** Calls `wake` whenever the key is announced, or may have been. Returns what ends that. */
  subscribe(key: string, wake: () => void): () => void;
  close(): Promise<void>;
}

/**
 * One connection that hears what any instance announces. When it breaks it is made again, with backoff and jitter, and then
 * everybody is woken, for something may have been missed.
 */
export function createWakeUps(connection: DbConnection, onError: (error: unknown) => void): WakeUps {
  const sleepers = new Map<string, Set<() => void>>();
  const closing = new AbortController();
  let client: pg.Client | null = null;
  const wake = (keys: Iterable<string>): void => {
    for (const key of keys) for (const one of sleepers.get(key) ?? []) one();
  };
  const listen = async (): Promise<void> => {
    const opened = new pg.Client({ ...connectionConfig(connection), application_name: 'wake-ups' });
    client = opened;
    const broken = new Promise<void>((resolve) => {
      opened.once('end', resolve);
      opened.once('error', (error) => {
        onError(error);
        resolve();
      });
    });
    opened.on('notification', ({ payload }) => wake(JSON.parse(payload ?? '[]') as string[]));
    try {
      await opened.connect();
      await opened.query(`LISTEN ${CHANNEL}`);
      wake(sleepers.keys());
      await broken;
    } finally {
      await opened.end().catch(() => undefined);
    }
  };
  const keepListening = async (): Promise<void> => {
    for (let failures = 0; !closing.signal.aborted; failures += 1) {
      const startedAt = performance.now();
      await listen().catch(onError);
      if (performance.now() - startedAt > RECONNECT_MAX_MS) failures = 0;
      const longest = Math.min(RECONNECT_FIRST_MS * 2 ** failures, RECONNECT_MAX_MS);
      const jittered = longest * (0.5 + Math.random() / 2);
      await delay(jittered, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  };
  const listening = keepListening();
  return {
    subscribe(key, one) {
      const others = sleepers.get(key) ?? new Set();
      sleepers.set(key, others.add(one));
      return () => {
        others.delete(one);
        if (others.size === 0 && sleepers.get(key) === others) sleepers.delete(key);
      };
    },
    async close() {
      closing.abort();
      await client?.end().catch(() => undefined);
      await listening;
    },
  };
}
