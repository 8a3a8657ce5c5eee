import { describeTasks } from '@agent-registry/operations';
import { createTasks } from '@agent-registry/tasks';
import type { ApiContext } from './context.ts';

/** How long an answer may wait for its Cloud Tasks to be created. */
const BUDGET_MS = 2_000;

/**
 * Creates the Cloud Tasks of what a committed operation wrote to the outbox. Never fails: what is not created in time is
 * found by the sweep.
 */
export async function setAlarms(context: ApiContext, outbox: readonly string[]): Promise<void> {
  if (outbox.length === 0) return;
  const expired = Promise.withResolvers<'expired'>();
  const timer = setTimeout(() => expired.resolve('expired'), BUDGET_MS);
  const work = create(context, outbox).catch((error: unknown) => {
    context.log.warn({ error, outbox: outbox.length }, 'tasks were not created: the sweep will find them');
  });
  if ((await Promise.race([work, expired.promise])) === 'expired') {
    context.log.warn({ outbox: outbox.length }, 'tasks were not created in time: the sweep will find them');
  }
  clearTimeout(timer);
}

async function create(context: ApiContext, outbox: readonly string[]): Promise<void> {
  const specs = await describeTasks(context, outbox);
  const { failed } = await createTasks(context.tasks, specs, { timeoutMs: BUDGET_MS });
  if (failed.length === 0) return;
  context.log.warn(
    { failed: failed.length, error: failed[0]?.error },
    'tasks could not be created: the sweep will find them',
  );
}
