import { pendingMigrations } from '@agent-registry/db';
import type { ReadyState } from '@agent-registry/service-kit';
import type { ApiContext } from './context.ts';

/** What /ready tells. Without Redis the service still serves; without Postgres, or with an old schema, it does not. */
export async function readiness(context: ApiContext): Promise<Record<string, ReadyState>> {
  return {
    database: await databaseState(context),
    redis: { ready: true, ...redisState(context) },
    service: { ready: !context.stopping.aborted },
  };
}

async function databaseState({ db, databaseClock, probeWrites, log }: ApiContext): Promise<ReadyState> {
  try {
    await probeWrites();
    const pending = await pendingMigrations(db);
    const time = databaseClock && { clock_ahead_ms: await databaseClock.aheadMs() };
    return { ready: pending.length === 0, pending_migrations: pending, ...time };
  } catch (error) {
    log.warn({ error }, 'the database is not ready');
    return { ready: false };
  }
}

function redisState({ redis }: ApiContext): { state: string; degraded: string | null } {
  if (redis === null) return { state: 'not configured: limits are in process', degraded: null };
  const degradation = redis.degraded();
  const degraded = degradation?.reason ?? null;
  if (degradation !== null) return { state: `${degradation.what}: nonces in Postgres`, degraded };
  if (!redis.connected())
    return { state: 'out of reach: limits are in process, nonces in Postgres', degraded };
  return {
    state: redis.trusted() ? 'connected' : 'connected, not trusted yet: nonces in Postgres',
    degraded,
  };
}
