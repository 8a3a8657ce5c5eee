import type { EnqueueTasks } from '@agent-registry/schemas';
import { annotate, type Logger } from '@agent-registry/service-kit';
import { createTasks } from './create-tasks.ts';
import type { TasksClient } from './tasks-client.ts';

/** Creates the tasks of what was committed. What is not created in time is found by the sweep. */
export function createEnqueuer(client: TasksClient, log: Logger): EnqueueTasks {
  return async (specs, { timeoutMs }) => {
    const { created, existing, failed } = await createTasks(client, specs, { timeoutMs });
    annotate({ tasks_created: created, tasks_existing: existing, tasks_failed: failed.length });
    const [first] = failed;
    if (first !== undefined)
      log.warn(
        { error: first.error, failed: failed.length },
        'tasks were not created: the sweep will find them',
      );
    return failed.length;
  };
}
