import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '@agent-registry/stack';
import pg from 'pg';
import { type Failover, type Kill, killOnce } from './kills.ts';

/** How long sessions reach the old primary, which takes no writes. */
const READ_ONLY_MS = 1_500;
const RETRY_MS = 200;
const CUT = 'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1';

/** Fails Postgres over in one of two ways, and waits until it takes writes again. */
export async function failOver(stack: Stack, part: Failover, signal: AbortSignal): Promise<Kill> {
  if (part === 'restart') return { ...(await killOnce(stack, 'postgres', { signal, by: 'SIGINT' })), part };
  const atMs = Date.now();
  await alter(stack, 'SET default_transaction_read_only = on', signal, CUT);
  await delay(READ_ONLY_MS, undefined, { signal });
  await alter(stack, 'RESET default_transaction_read_only', signal); // Sessions that are left are not cut.
  await stack.whenReady('api');
  return { part, atMs, readyAtMs: Date.now() };
}

/** Changes what sessions begin with. Postgres may be down meanwhile: tries until it is done. */
async function alter(stack: Stack, change: string, signal: AbortSignal, afterwards?: string): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const url = new URL(stack.database.url('superuser'));
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(`ALTER DATABASE ${name} ${change}`);
      if (afterwards !== undefined) await client.query(afterwards, [name]);
      return;
    } catch {
      await delay(RETRY_MS, undefined, { signal });
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
