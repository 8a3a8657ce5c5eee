import type { ApiConfig } from '@agent-registry/config';
import { createCriteriaChecker } from '@agent-registry/criteria';
import { createAnnouncer, createDb, createWakeUps } from '@agent-registry/db';
import type { Clock } from '@agent-registry/schemas';
import {
  createIds,
  type Logger,
  noTelemetry,
  systemClock,
  type Telemetry,
} from '@agent-registry/service-kit';
import { createSealer } from '@agent-registry/signing';
import { createEnqueuer, createTasksClient } from '@agent-registry/tasks';
import type { ApiContext } from './context.ts';
import { createLimiters } from './limiters.ts';
import { createNonceStore } from './middleware/nonces.ts';
import { createRateLimiter } from './middleware/rate-limiter.ts';
import { createRegistrationBudget } from './middleware/registration-budget.ts';
import { createRedisLink } from './redis-link.ts';

export interface ContextParts {
  readonly log: Logger;
  readonly telemetry?: Telemetry;
  /** The machine's clock when absent. */
  readonly clock?: Clock;
}

/** Builds what the service needs from its configuration. Opens no connection that must succeed. */
export function createContext(config: ApiConfig, parts: ContextParts): ApiContext {
  const { log, telemetry = noTelemetry, clock = systemClock } = parts;
  const { connection, poolMax, acquireTimeoutMs, listen } = config.database;
  const db = createDb({
    ...connection,
    poolMax,
    acquireTimeoutMs,
    applicationName: 'api',
    onIdleError: (error) => log.warn({ error }, 'an idle database connection broke'),
  });
  const redis =
    config.redisUrl === null
      ? null
      : createRedisLink({
          url: config.redisUrl,
          memoryMs: 2 * config.signatureMaxAgeMs,
          clock,
          log,
          telemetry,
        });
  if (redis === null) log.info('no REDIS_URL: limits count for this one instance only');
  const stopping = new AbortController();
  const tasks = createTasksClient(config.tasks);
  const complain = (error: unknown) => log.warn({ error }, 'waiting requests poll for now');
  return {
    config,
    db,
    clock,
    ids: createIds(clock),
    rules: config.rules,
    sealer: createSealer(config.signing),
    announce: listen ? createAnnouncer(db, complain) : undefined,
    wakeUps: listen ? createWakeUps(connection, complain) : null,
    tasks,
    enqueue: createEnqueuer(tasks, log),
    log,
    telemetry,
    redis,
    nonces: createNonceStore({ db, clock, redis }),
    limiter: createRateLimiter({ limits: config.rateLimits, clock, redis }),
    criteria: createCriteriaChecker(),
    ...createLimiters(poolMax),
    registrations: createRegistrationBudget({ perAddress: config.rateLimits.registration, clock, log }),
    stopping: stopping.signal,
    stop: () => stopping.abort(),
  };
}

/** Lets go of everything that `createContext` opened. */
export async function closeContext(context: ApiContext): Promise<void> {
  await context.background.idle();
  context.redis?.close();
  await Promise.all([
    context.criteria.close(),
    context.db.destroy(),
    context.wakeUps?.close(),
    context.tasks.close(),
    context.telemetry.shutdown(),
  ]);
}
