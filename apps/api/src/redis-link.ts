import type { Clock } from '@agent-registry/schemas';
import type { Logger } from '@agent-registry/service-kit';
import { Redis } from 'ioredis';

const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 1_000;
const RETRY_STEP_MS = 100;
const RETRY_MAX_MS = 2_000;

/** A Redis that may be away at any time. Nothing queues for it: a command that cannot be sent now fails now. */
export interface RedisLink {
  readonly client: Redis;
  readonly connected: () => boolean;
  /** Whether the server is here and remembers everything it was told within the memory that is asked of it. */
  readonly trusted: () => boolean;
  close(): void;
}

export interface RedisLinkOptions {
  readonly url: string;
  /** For how long a server that may have forgotten is not asked, milliseconds. */
  readonly memoryMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Server {
  readonly runId: string;
  /** From when on its memory reaches back far enough, milliseconds since 1970. */
  readonly trustedFromMs: number;
}

/** Connects in the background and keeps trying. After each connection it asks the server whether it is fresh from a restart. */
export function createRedisLink({ url, memoryMs, clock, log }: RedisLinkOptions): RedisLink {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(times * RETRY_STEP_MS, RETRY_MAX_MS),
  });
  let server: Server | null = null;
  let lastRunId: string | null = null;
  let reported = false;

  const meet = async (): Promise<void> => {
    const { runId, uptimeMs } = readInfo(await client.info('server'));
    const isOther = lastRunId !== null && lastRunId !== runId;
    const wait = isOther ? memoryMs : Math.max(0, memoryMs - uptimeMs);
    lastRunId = runId;
    server = { runId, trustedFromMs: clock.now().getTime() + wait };
    reported = false;
    log.info({ trusted_in_ms: wait }, 'connected to Redis');
  };
  client.on('ready', () => {
    meet().catch((error: unknown) => {
      log.warn({ error }, 'Redis did not say who it is');
      client.disconnect(true);
    });
  });
  client.on('close', () => {
    server = null;
  });
  client.on('error', (error: Error) => {
    if (!reported)
      log.warn({ error }, 'Redis is out of reach: limits are kept in process, nonces in Postgres');
    reported = true;
  });
  return {
    client,
    connected: () => client.status === 'ready',
    trusted: () =>
      client.status === 'ready' && server !== null && server.trustedFromMs <= clock.now().getTime(),
    close: () => client.disconnect(),
  };
}

function readInfo(text: string): { runId: string; uptimeMs: number } {
  const runId = /^run_id:([0-9a-f]{40})/m.exec(text)?.[1];
  const uptime = /^uptime_in_seconds:(\d+)/m.exec(text)?.[1];
  if (runId === undefined || uptime === undefined) throw new Error('INFO lacks run_id or uptime_in_seconds');
  return { runId, uptimeMs: Number(uptime) * 1_000 };
}
