import type { DispatcherConfig } from '@agent-registry/config';
import { type Announce, createAnnouncer, createDb, type Db } from '@agent-registry/db';
import {
  createInternalClient,
  createOutbound,
  createTargetGate,
  type InternalClient,
  type Outbound,
  type OutboundOptions,
} from '@agent-registry/outbound';
import type { Clock, EnqueueTasks, Ids, MarketRules } from '@agent-registry/schemas';
import {
  createIds,
  createLogger,
  type Logger,
  startTelemetry,
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
import { createQueueLag, type QueueLag } from './queue-lag.ts';
import { createTurnstile, type Turnstile } from './turnstile.ts';

/** Everything a task needs, built once at boot. */
export interface DispatcherContext {
  readonly config: DispatcherConfig;
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly rules: MarketRules;
  readonly sealer: Sealer;
  /** Absent where waiting requests poll. */
  readonly announce: Announce | undefined;
  readonly tasks: TasksClient;
  readonly enqueue: EnqueueTasks;
  readonly oidc: OidcVerifier;
  readonly idTokens: IdTokenSource;
  /** For strangers' servers. */
  readonly outbound: Outbound;
  readonly turnstile: Turnstile;
  /** How late the webhooks' queue is. */
  readonly queueLag: QueueLag;
  /** For the test-runner. */
  readonly internal: InternalClient;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** Aborts when the service is told to stop: long tasks let go at once. */
  readonly stopping: AbortSignal;
  /** Aborts a little later: exchanges with strangers that have not ended by then are let go. */
  readonly lastCall: AbortSignal;
  readonly stop: () => void;
  readonly close: () => Promise<void>;
}

/** What tests put in the place of the machine's own. */
export interface ContextOverrides {
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly outbound?: Partial<OutboundOptions>;
  /** Stands between the service and its tasks client. */
  readonly tasks?: (client: TasksClient) => TasksClient;
  readonly lastCallMs?: number;
}

const SERVICE = 'dispatcher';
const USER_AGENT = 'AgentRegistry-Webhooks/1.0';
/** Exchanges at once with one endpoint, with one origin (as many as it may have connections), and in all. */
const PER_ENDPOINT = 8;
const PER_ORIGIN = 16;
const IN_ALL = 400;
/** Exchanges may go on for this long after SIGTERM: less than the 7 s that requests are given to finish. */
const LAST_CALL_MS = 5_000;

export async function createContext(
  config: DispatcherConfig,
  overrides: ContextOverrides = {},
): Promise<DispatcherContext> {
  const { clock = systemClock } = overrides;
  const { project, logLevel: level } = config;
  const log = overrides.log ?? createLogger({ service: SERVICE, level, project });
  const telemetry = await startTelemetry({ service: SERVICE, endpoint: config.otlpEndpoint });
  const db = openDb(config, log);
  const { tasks: through = (client) => client } = overrides;
  const tasks = through(createTasksClient(config.tasks));
  const outbound = createOutbound({
    allowPrivate: config.allowPrivateTargets,
    timeoutMs: config.webhooks.exchangeMs,
    userAgent: USER_AGENT,
    connectionsPerHost: PER_ORIGIN,
    clock: systemClock, // durations are of the real world even where a test sets the time
    ...overrides.outbound,
  });
  const internal = createInternalClient({ timeoutMs: config.verification.runnerCallMs });
  return {
    config,
    db,
    clock,
    ids: createIds(clock),
    rules: config.rules,
    sealer: createSealer(config.signing),
    announce: config.database.listen
      ? createAnnouncer(db, (error) => log.warn({ error }, 'nobody could be woken'))
      : undefined,
    tasks,
    enqueue: createEnqueuer(tasks, log),
    oidc: createOidcVerifier({ ...config.oidc, clock }),
    idTokens: createIdTokenSource({ ...config.idTokens, clock }),
    outbound,
    turnstile: createTurnstile(createTargetGate({ perTarget: PER_ENDPOINT, total: IN_ALL, clock }), {
      most: PER_ENDPOINT,
      perOrigin: PER_ORIGIN,
      exchangeMs: config.webhooks.exchangeMs,
    }),
    queueLag: createQueueLag(clock),
    internal,
    log,
    telemetry,
    ...createStop(overrides.lastCallMs ?? LAST_CALL_MS),
    close: async () => {
      await Promise.all([outbound.close(), internal.close(), tasks.close(), db.destroy()]);
      await telemetry.shutdown();
    },
  };
}

function openDb(config: DispatcherConfig, log: Logger): Db {
  const { connection, poolMax, acquireTimeoutMs } = config.database;
  return createDb({
    ...connection,
    poolMax,
    acquireTimeoutMs,
    applicationName: SERVICE,
    onIdleError: (error) => log.warn({ error }, 'an idle database connection broke'),
  });
}

function createStop(lastCallMs: number): Pick<DispatcherContext, 'stopping' | 'lastCall' | 'stop'> {
  const stopping = new AbortController();
  const lastCall = new AbortController();
  return {
    stopping: stopping.signal,
    lastCall: lastCall.signal,
    stop: () => {
      stopping.abort();
      setTimeout(() => lastCall.abort(), lastCallMs).unref();
    },
  };
}
