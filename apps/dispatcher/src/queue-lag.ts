import type { Clock } from '@agent-registry/schemas';

export interface QueueLag {
  /** Notes when a task that has just arrived was due: Cloud Tasks' X-CloudTasks-TaskETA, unix seconds. */
  note(eta: string | readonly string[] | undefined): void;
  /** Milliseconds. 0 when no task has come for a while: then what is overdue is lost, and not late. */
  currentMs(): number;
}

/** How much one arrival counts against those before it. */
const WEIGHT = 0.1;
const MAX_LAG_MS = 300_000;
const FRESH_MS = 5_000;

/**
 * How late a queue is, as a moving average over the tasks that arrive from it. Behind a burst the queue's rate makes tasks
 * late that nobody lost; the sweep must not add a second task for each.
 */
export function createQueueLag(clock: Clock): QueueLag {
  let averageMs = 0;
  let notedAtMs = Number.NEGATIVE_INFINITY;
  return {
    note(eta) {
      const dueMs = Number.parseFloat(String(eta)) * 1_000;
      if (typeof eta !== 'string' || !Number.isFinite(dueMs)) return;
      notedAtMs = clock.now().getTime();
      const lagMs = Math.min(Math.max(notedAtMs - dueMs, 0), MAX_LAG_MS);
      averageMs += (lagMs - averageMs) * WEIGHT;
    },
    currentMs: () => (clock.now().getTime() - notedAtMs > FRESH_MS ? 0 : averageMs),
  };
}
