import { poolUse } from '@agent-registry/db';
import type { ApiContext } from './context.ts';

/** Has what operators watch of the api read whenever metrics are sent. */
export function watch({ telemetry, db, redis }: ApiContext): void {
  telemetry.gauges(
    ['registry.redis.trusted', 'registry.db.pool.used', 'registry.db.pool.waiting', 'registry.db.pool.max'],
    () => {
      const { used, waiting, max } = poolUse(db);
      return {
        'registry.redis.trusted': redis?.trusted() === true ? 1 : 0,
        'registry.db.pool.used': used,
        'registry.db.pool.waiting': waiting,
        'registry.db.pool.max': max,
      };
    },
  );
}
