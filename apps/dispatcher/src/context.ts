import { type Anchor, openAnchor } from '@agent-registry/anchor';
import type { DispatcherConfig } from '@agent-registry/config';
import {
  type Announce,
  createDatabaseClock,
  type DatabaseClock,
  type Db,
  openDb,
  type WriteProbe,
} from '@agent-registry/db';
import { vkeyOf } from '@agent-registry/log';
import type { LogSigner } from '@agent-registry/operations';
import {
  createCircuitBreaker,
  createInternalClient,
  createOutbound,
  type InternalClient,
  type Outbound,
  type OutboundOptions,
} from '@agent-registry/outbound';
import type { Clock, EnqueueTasks, Ids, MarketRules, TaskQueue } from '@agent-registry/schemas';
import {
  createIds,
  type Logger,
  type Observability,
  systemClock,
  type Telemetry,
} from '@agent-registry/service-kit';
import { createSealer, type Sealer } from '@agent-registry/signing';
import {
  createEnqueuer,
  createIdTokenSource,
  createOidcVerifier,
  createTasksClient,
  type IdTokenSource,
  type OidcVerifier,
  type TasksClient,
} from '@agent-registry/tasks';
import { createEndpointLimiter, type EndpointLimiter } from './endpoint-limiter.ts';
import { createQueueLag, type QueueLag } from './queue-lag.ts';

/** The transparency log as this service keeps it. */
interface SignedLog {
  readonly signer: LogSigner;
  readonly anchor: Anchor;
  /** What the database was like when there was last found to be nothing to do; null before that. */
  settled: string | null;
}

/** Everything a task needs, built once at boot. */
export interface DispatcherContext {
  readonly config: DispatcherConfig;
  readonly db: Db;
  readonly clock: Clock;
  /** The database's time; null where a test sets the clock. */
  readonly databaseClock: DatabaseClock | null;
  readonly ids: Ids;
  readonly rules: MarketRules;
  readonly sealer: Sealer;
  /** Wakes waiting requests by NOTIFY; absent where they poll instead. */
  readonly announce: Announce | undefined;
  /** Rejects while the database takes no writes. */
  readonly probeWrites: WriteProbe;
  readonly tasks: TasksClient;
  readonly enqueue: EnqueueTasks;
  readonly oidc: OidcVerifier;
  readonly idTokens: IdTokenSource;
  /** Null where no key is configured: leaves of the transparency log then wait. */
  readonly signedLog: SignedLog | null;
  /** For strangers' servers. */
  readonly outbound: Outbound;
  readonly endpoints: EndpointLimiter;
  /** How late each queue is. */
  readonly queueLags: Readonly<Record<TaskQueue, QueueLag>>;
  /** For the test-runner. */
  readonly internal: InternalClient;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** Aborts when the service is told to stop: long tasks end at once. */
  readonly stopping: AbortSignal;
  /** Aborts a little later: exchanges with strangers that have not ended by then are aborted. */
  readonly exchangeDeadline: AbortSignal;
  readonly stop: () => void;
  readonly close: () => Promise<void>;
}

/** How the service is observed, and what tests replace. */
export interface ContextParts extends Observability {
  readonly clock?: Clock;
  readonly outbound?: Partial<OutboundOptions>;
  /** Wraps the tasks client. */
  readonly tasks?: (client: TasksClient) => TasksClient;
  readonly exchangeGraceMs?: number;
}

const USER_AGENT = 'AgentRegistry-Webhooks/1.0';
/** Exchanges at once with one endpoint, with one origin (as many as it may have connections), and in all. */
const PER_ENDPOINT = 8;
const PER_ORIGIN = 16;
const IN_ALL = 400;
/** Exchanges may go on for this long after SIGTERM: less than the 7 s that requests are given to finish. */
const EXCHANGE_GRACE_MS = 5_000;

export function createContext(config: DispatcherConfig, parts: ContextParts): DispatcherContext {
  const { log, telemetry } = parts;
  const { db, announce, probeWrites } = openDb('dispatcher', config.database, log);
  const databaseClock = parts.clock ? null : createDatabaseClock(db, systemClock, log);
  const clock = parts.clock ?? databaseClock ?? systemClock;
  const { tasks: through = (client) => client } = parts;
  const tasks = through(createTasksClient(config.tasks));
  const outbound = createOutbound({
    allowPrivate: config.allowPrivateTargets,
    timeoutMs: config.webhooks.exchangeMs,
    userAgent: USER_AGENT,
    connectionsPerHost: PER_ORIGIN,
    clock: systemClock, // durations are of the real world even where a test sets the time
    ...parts.outbound,
  });
  const signedLog = openLog(config, log);
  const internal = createInternalClient({ timeoutMs: config.verification.runnerCallMs });
  return {
    config,
    db,
    clock,
    databaseClock,
    ids: createIds(clock),
    rules: config.rules,
    sealer: createSealer(config.signing),
    announce,
    probeWrites,
    tasks,
    enqueue: createEnqueuer(tasks, log),
    oidc: createOidcVerifier({ ...config.oidc, clock }),
    idTokens: createIdTokenSource({ ...config.idTokens, clock }),
    signedLog,
    outbound,
    endpoints: createEndpointLimiter(createCircuitBreaker({ clock }), {
      perEndpoint: PER_ENDPOINT,
      perOrigin: PER_ORIGIN,
      total: IN_ALL,
      exchangeMs: config.webhooks.exchangeMs,
    }),
    queueLags: {
      'webhook-delivery': createQueueLag(clock),
      verification: createQueueLag(clock),
      'job-deadline': createQueueLag(clock),
    },
    internal,
    log,
    telemetry,
    ...createStop(parts.exchangeGraceMs ?? EXCHANGE_GRACE_MS),
    close: async () => {
      databaseClock?.close();
      await Promise.all([outbound.close(), internal.close(), tasks.close(), db.destroy()]);
    },
  };
}

function openLog({ transparencyLog }: DispatcherConfig, log: Logger): DispatcherContext['signedLog'] {
  if (transparencyLog === null) return null;
  const { origin, seeds, anchor } = transparencyLog;
  log.info(
    { vkeys: seeds.map((seed) => vkeyOf(origin, seed)) },
    'signs the transparency log with these keys',
  );
  return { signer: { origin, seeds }, anchor: openAnchor(anchor), settled: null };
}

function createStop(
  exchangeGraceMs: number,
): Pick<DispatcherContext, 'stopping' | 'exchangeDeadline' | 'stop'> {
  const stopping = new AbortController();
  const exchangeDeadline = new AbortController();
  return {
    stopping: stopping.signal,
    exchangeDeadline: exchangeDeadline.signal,
    stop: () => {
      stopping.abort();
      setTimeout(() => exchangeDeadline.abort(), exchangeGraceMs).unref();
    },
  };
}
