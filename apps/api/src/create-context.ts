import type { ApiConfig } from '@agent-registry/config';
import { createCriteriaChecker } from '@agent-registry/criteria';
import { createDatabaseClock, openDb, openWakeUps } from '@agent-registry/db';
import type { Clock } from '@agent-registry/schemas';
import { createIds, type Observability, systemClock } from '@agent-registry/service-kit';
import { createSealer } from '@agent-registry/signing';
import { createEnqueuer, createTasksClient } from '@agent-registry/tasks';
import type { ApiContext } from './context.ts';
import { createLimiters } from './limiters.ts';
import { createNonceStore } from './middleware/nonces.ts';
import { createParsedKeys } from './middleware/parsed-keys.ts';
import { createRateLimiter, createRegistrationBudget } from './middleware/rate-limiter.ts';
import { createRedisLink, type RedisLink } from './redis-link.ts';

/** How the service is observed, and the clock where it is not the machine's. */
export interface ContextParts extends Observability {
  readonly clock?: Clock;
}

/** Builds what the service needs from its configuration. Opens no connection that must succeed. */
export function createContext(config: ApiConfig, parts: ContextParts): ApiContext {
  const { log, telemetry } = parts;
  const { db, announce, probeWrites } = openDb('api', config.database, log);
  const databaseClock = parts.clock ? null : createDatabaseClock(db, systemClock, log);
  const clock = parts.clock ?? databaseClock ?? systemClock;
  const wakeUps = openWakeUps(config.database, log);
  const tasks = createTasksClient(config.tasks);
  const criteria = createCriteriaChecker();
  const limiters = createLimiters(config.database.poolMax);
  const redis = openRedis(config, { log, telemetry, clock });
  const stopping = new AbortController();
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
    wakeUps,
    tasks,
    enqueue: createEnqueuer(tasks, log),
    log,
    telemetry,
    redis,
    parsedKeys: createParsedKeys(),
    nonces: createNonceStore({ db, clock, redis }),
    limiter: createRateLimiter({ limits: config.rateLimits, clock, redis }),
    criteria,
    ...limiters,
    registrations: createRegistrationBudget({ perAddress: config.rateLimits.registration, clock, log }),
    stopping: stopping.signal,
    stop: () => stopping.abort(),
    close: async () => {
      await limiters.background.idle();
      redis?.close();
      databaseClock?.close();
      await Promise.all([criteria.close(), db.destroy(), wakeUps?.close(), tasks.close()]);
    },
  };
}

function openRedis(
  { redisUrl, signatureMaxAgeMs }: ApiConfig,
  parts: Observability & { clock: Clock },
): RedisLink | null {
  if (redisUrl !== null) return createRedisLink({ url: redisUrl, memoryMs: 2 * signatureMaxAgeMs, ...parts });
  parts.log.info('no REDIS_URL: limits count for this one instance only');
  return null;
}
