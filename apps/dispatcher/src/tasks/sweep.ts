import {
  commit,
  MAINTENANCE,
  type MaintenanceStep,
  recordRuntimes,
  returnSwept,
  SWEEP_BATCH,
  sweepOutbox,
} from '@agent-registry/operations';
import type { TaskBody } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { type Answer, again, done } from '../answer.ts';
import type { DispatcherContext } from '../context.ts';
import { advanceLog } from './advance-log.ts';
import { readRuntimes } from './call-test-runner.ts';

/** Bounds of one sweep; the next one continues. */
const OUTBOX_BATCHES_MAX = 20;
const MAINTENANCE_ROUNDS_MAX = 20;
const TASKS_TIMEOUT_MS = 10_000;
const TIME_BUDGET_MS = 20_000;

/**
 * Creates the tasks of everything that is overdue, which a crash or an outage has lost, runs maintenance unless told not to, and
 * advances the log. Bounded in batches and time; one part that fails does not keep the others from being done.
 */
export async function sweep(context: DispatcherContext, task: TaskBody<'sweep'>): Promise<Answer> {
  const startedAt = performance.now();
  const isOver = (): boolean => context.stopping.aborted || performance.now() - startedAt > TIME_BUDGET_MS;
  const swept = await sweepOverdue(context, isOver);
  const maintenance = await runMaintenance(context, task, isOver);
  const details = { ...swept, ...maintenance.counts };
  annotate(details);
  return maintenance.failed === 0 ? done('swept', details) : again(500, 'maintenance_failed');
}

async function sweepOverdue(context: DispatcherContext, isOver: () => boolean) {
  const total = { swept: 0, dropped: 0, scheduled: 0, not_scheduled: 0 };
  for (let batch = 0; batch < OUTBOX_BATCHES_MAX && !isOver(); batch += 1) {
    const webhookLagMs = context.queueLags['webhook-delivery'].currentMs();
    const { value, unscheduled } = await commit(context, (op) => sweepOutbox(op, { webhookLagMs }), {
      tasksTimeoutMs: TASKS_TIMEOUT_MS,
    });
    const { taken, dropped, outboxIds } = value;
    total.swept += taken;
    total.dropped += dropped;
    total.scheduled += outboxIds.length - unscheduled;
    total.not_scheduled += unscheduled;
    if (unscheduled > 0) {
      // Cloud Tasks is unreachable: what was taken is due again for the next sweep, without backoff.
      await commit(context, (op) => returnSwept(op, outboxIds));
      break;
    }
    if (taken < SWEEP_BATCH) break;
  }
  return total;
}

async function runMaintenance(context: DispatcherContext, task: TaskBody<'sweep'>, isOver: () => boolean) {
  const counts: Record<string, number> = {};
  let failed = 0;
  const attempt = async (name: string, work: () => Promise<number>): Promise<void> => {
    try {
      const count = await work();
      if (count > 0) counts[name] = count;
    } catch (error) {
      failed += 1;
      context.log.error({ error, step: name }, 'a maintenance step of the sweep failed');
    }
  };
  if (task.maintenance) {
    for (const [name, step] of Object.entries(MAINTENANCE)) {
      if (!isOver()) await attempt(name, () => repeat(context, step, isOver));
    }
    await attempt('runtimes', () => copyRuntimes(context));
  }
  // Receipts wait for it, so every sweep does it.
  await attempt('log_leaves', () => advanceLog(context, isOver, task.maintenance));
  return { counts, failed };
}

/** Repeats a step, each time in a transaction of its own, until it finds nothing more to do. */
async function repeat(
  context: DispatcherContext,
  step: MaintenanceStep,
  isOver: () => boolean,
): Promise<number> {
  let total = 0;
  for (let round = 0; round < MAINTENANCE_ROUNDS_MAX && !isOver(); round += 1) {
    const { value: count } = await commit(context, step);
    total += count;
    if (count === 0) break;
  }
  return total;
}

async function copyRuntimes(context: DispatcherContext): Promise<number> {
  const runtimes = await readRuntimes(context);
  if (runtimes === null) return 0;
  await commit(context, (op) => recordRuntimes(op, runtimes));
  return runtimes.length;
}
