import type { Clock } from '@agent-registry/schemas';
import type { Logger, Telemetry } from '@agent-registry/service-kit';
import { Redis } from 'ioredis';

const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 1_000;
const RETRY_STEP_MS = 100;
const RETRY_MAX_MS = 2_000;
/** Holds the run id of the server that has remembered everything since it was written: what forgets, forgets this too. */
const MARKER = 'nonces:remembered-by';

/** A Redis that may be away, or forget, at any time. Nothing queues for it: a command that cannot be sent now fails now. */
export interface RedisLink {
  readonly client: Redis;
  readonly connected: () => boolean;
  /**
   * Whether the server is here and remembers everything it was told within the memory that is asked of it: its run id is known, it
   * evicts nothing, and no command failed for so long. That its marker is still there, the command itself must check.
   */
  readonly trusted: () => boolean;
  /** The marker's key and value; whether this instance waited long enough to write it where it is missing. */
  readonly marker: () => { readonly key: string; readonly value: string; readonly mayWrite: boolean };
  /** What is wrong with it, and null while nothing is. */
  readonly degraded: () => Degradation | null;
  /** The marker was there, or was written: from now on its absence means that the server forgot. */
  markerSeen(): void;
  /** A command was answered. */
  answered(): void;
  /** A command was not answered, or with an error, or told that the marker is gone (`null`). */
  failed(error: unknown): void;
  close(): void;
}

interface RedisLinkOptions {
  readonly url: string;
  /** For how long a server that may have forgotten is not asked, milliseconds. */
  readonly memoryMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly telemetry: Telemetry;
}

interface Server {
  readonly runId: string;
  readonly evicts: boolean;
  /** From when on its memory reaches back far enough, milliseconds since 1970. */
  trustedFromMs: number;
  mayWriteMarker: boolean;
}

/** Connects in the background and keeps trying. After each connection it asks the server who it is. */
export function createRedisLink({ url, memoryMs, clock, log, telemetry }: RedisLinkOptions): RedisLink {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(times * RETRY_STEP_MS, RETRY_MAX_MS),
    // After a failover the address leads to another server, and only a new connection to it.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  let server: Server | null = null;
  let degradation: Degradation | null = null;
  let isClosing = false;
  /** A replica that nobody writes to is asked again whether it is one. */
  let again: NodeJS.Timeout | undefined;

  const degrade = (now: Degradation, error?: unknown): void => {
    if (degradation === now) return;
    degradation = now;
    telemetry.counter('redis.degraded').add(1, { reason: now.reason });
    log.warn(
      { error, reason: now.reason },
      `Redis ${now.what}: limits are kept in process, nonces in Postgres`,
    );
  };
  /** A replica is left for whoever may have taken over: that its connection goes is no news. */
  const lose = (error?: unknown): void => {
    if (degradation !== READ_ONLY) degrade(OUT_OF_REACH, error);
  };
  const distrust = (): void => {
    if (server === null) return;
    server.trustedFromMs = clock.now().getTime() + memoryMs;
    server.mayWriteMarker = true;
  };
  const meet = async (): Promise<void> => {
    const { runId, isReplica, policy } = readInfo(await client.info('server', 'memory', 'replication'));
    const isMarked = (await client.get(MARKER)) === runId;
    const isSame = server === null || server.runId === runId;
    const waitMs =
      isMarked && isSame ? Math.max(0, (server?.trustedFromMs ?? 0) - clock.now().getTime()) : memoryMs;
    const evicts = policy !== null && policy !== 'noeviction';
    const trustedFromMs = clock.now().getTime() + waitMs;
    server = { runId, evicts, trustedFromMs, mayWriteMarker: !isMarked };
    if (isReplica) {
      degrade(READ_ONLY);
      clearTimeout(again);
      again = setTimeout(() => {
        if (client.status === 'ready' && degradation === READ_ONLY) greet();
      }, RETRY_MAX_MS).unref();
      return;
    }
    degradation = null;
    if (evicts) degrade(EVICTS);
    if (policy === null)
      log.warn({}, 'Redis does not tell its maxmemory_policy: its marker alone shows what it forgot');
    log.info({ trusted_in_ms: waitMs }, 'connected to Redis');
  };
  const greet = (): void => {
    meet().catch((error: unknown) => {
      lose(error);
      client.disconnect(true);
    });
  };
  client.on('ready', greet);
  client.on('close', () => {
    if (!isClosing) lose();
  });
  client.on('error', (error: Error) => degrade(OUT_OF_REACH, error));
  return {
    client,
    connected: () => client.status === 'ready',
    trusted: () =>
      client.status === 'ready' &&
      server !== null &&
      !server.evicts &&
      degradation === null &&
      server.trustedFromMs <= clock.now().getTime(),
    marker: () => ({ key: MARKER, value: server?.runId ?? '', mayWrite: server?.mayWriteMarker ?? false }),
    degraded: () => degradation,
    markerSeen() {
      if (server !== null) server.mayWriteMarker = false;
    },
    answered() {
      if (degradation === null || degradation === EVICTS || degradation === OUT_OF_REACH) return;
      degradation = null;
      log.info({}, 'Redis answers again');
    },
    failed(error) {
      distrust();
      const failure = error === null ? FORGOT : describeFailure(error);
      // What a lost connection left unanswered fails, or times out, after the loss was told.
      const isLeft = client.status !== 'ready' && (failure === TIMED_OUT || failure === FAILED);
      const isLost = isLeft || failure === OUT_OF_REACH;
      if (isLost) lose(error);
      else degrade(failure, error ?? undefined);
    },
    close() {
      isClosing = true;
      clearTimeout(again);
      client.disconnect();
    },
  };
}

/** A way in which Redis does less than it should. */
interface Degradation {
  /** For metrics and /ready. */
  readonly reason: string;
  /** For a person, after "Redis". */
  readonly what: string;
}

const OUT_OF_REACH: Degradation = { reason: 'out_of_reach', what: 'is out of reach' };
const FORGOT: Degradation = { reason: 'forgot', what: 'has forgotten what it was told' };
const EVICTS: Degradation = {
  reason: 'evicts',
  what: 'evicts keys, as its maxmemory_policy is not noeviction',
};
/** Until a server takes over that is not one, each command asks for a new connection. */
const READ_ONLY: Degradation = { reason: 'READONLY', what: 'is a read-only replica' };
const TIMED_OUT: Degradation = { reason: 'timed_out', what: 'does not answer in time' };
const FAILED: Degradation = { reason: 'failed', what: 'answers with errors' };
const ANSWERS: readonly Degradation[] = [
  READ_ONLY,
  { reason: 'OOM', what: 'is out of memory' },
  { reason: 'MISCONF', what: 'cannot write its disk' },
  { reason: 'LOADING', what: 'is still loading' },
];

/** What a command that failed says of the server. */
function describeFailure(error: unknown): Degradation {
  const message = error instanceof Error ? error.message : '';
  const answer = ANSWERS.find(({ reason }) => message.startsWith(reason));
  if (answer !== undefined) return answer;
  if (message === 'Command timed out') return TIMED_OUT;
  return /not ready|closed|isn't writeable|ECONN|EPIPE/i.test(message) ? OUT_OF_REACH : FAILED;
}

/** Who a server says it is, whether it takes no writes, and what it does when its memory is full: null where it does not say. */
function readInfo(text: string): { runId: string; isReplica: boolean; policy: string | null } {
  const runId = /^run_id:([0-9a-f]{40})/m.exec(text)?.[1];
  if (runId === undefined) throw new Error('INFO lacks run_id');
  const isReplica = /^role:(?:slave|replica)\b/m.test(text);
  return { runId, isReplica, policy: /^maxmemory_policy:(\S+)/m.exec(text)?.[1] ?? null };
}
