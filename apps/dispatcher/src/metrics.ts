import { measureLevels, poolUse } from '@agent-registry/db';
import { type CounterName, TASK_QUEUES } from '@agent-registry/schemas';
import type { DispatcherContext } from './context.ts';

const CENTS = 100;

/** Has what operators watch of the dispatcher read whenever metrics are sent. */
export function watch({ telemetry, db, clock, queueLags }: DispatcherContext): void {
  telemetry.gauges(['registry.queue.age'], () => ({
    'registry.queue.age': Object.fromEntries(
      TASK_QUEUES.map((queue) => [queue, queueLags[queue].currentMs() / 1_000]),
    ),
  }));
  telemetry.gauges(
    ['registry.outbox.depth', 'registry.outbox.age', 'registry.escrow.held', 'registry.bonds.held'],
    async () => {
      const levels = await measureLevels(db, clock.now());
      return {
        'registry.outbox.depth': levels.outbox_depth,
        'registry.outbox.age': levels.outbox_age_seconds,
        'registry.escrow.held': Number(levels.escrow_held) / CENTS,
        'registry.bonds.held': Number(levels.bonds_held) / CENTS,
      };
    },
  );
  telemetry.gauges(['registry.db.pool.used', 'registry.db.pool.waiting', 'registry.db.pool.max'], () => {
    const { used, waiting, max } = poolUse(db);
    return {
      'registry.db.pool.used': used,
      'registry.db.pool.waiting': waiting,
      'registry.db.pool.max': max,
    };
  });
}

/** Counts one of what operators watch. */
export function count(
  { telemetry }: DispatcherContext,
  name: CounterName,
  attributes: Readonly<Record<string, string>>,
): void {
  telemetry.counter(name).add(1, attributes);
}
