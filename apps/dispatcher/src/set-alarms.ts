import { describeTasks } from '@agent-registry/operations';
import { annotate } from '@agent-registry/service-kit';
import { createTasks } from '@agent-registry/tasks';
import type { DispatcherContext } from './context.ts';

/** How long the tasks of one operation may take to create. */
export const ALARMS_TIMEOUT_MS = 2_000;

export interface AlarmsSet {
  readonly created: number;
  readonly failed: number;
}

/**
 * Creates the tasks of outbox entries whose operation has committed. Never rejects: an entry whose task could not be
 * created is counted as failed, and is the sweep's.
 */
export async function setAlarms(
  context: DispatcherContext,
  outboxIds: readonly string[],
  timeoutMs = ALARMS_TIMEOUT_MS,
): Promise<AlarmsSet> {
  if (outboxIds.length === 0) return { created: 0, failed: 0 };
  try {
    const specs = await describeTasks(context, outboxIds);
    const { created, existing, failed } = await createTasks(context.tasks, specs, { timeoutMs });
    const [first] = failed;
    if (first !== undefined)
      context.log.warn({ error: first.error, count: failed.length }, 'tasks not created');
    annotate({ tasks_created: created, tasks_existing: existing, tasks_failed: failed.length });
    return { created: created + existing, failed: failed.length };
  } catch (error) {
    context.log.warn({ error, count: outboxIds.length }, 'tasks not described');
    return { created: 0, failed: outboxIds.length };
  }
}
