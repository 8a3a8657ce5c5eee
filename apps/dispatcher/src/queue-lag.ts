import type { Clock } from '@agent-registry/schemas';

export interface QueueLag {
  /** Notes when a task that has just arrived was due: Cloud Tasks' X-CloudTasks-TaskETA, unix seconds. */
  note(eta: string | readonly string[] | undefined): void;
  /** Milliseconds; 0 when no task has arrived for a while: what is overdue then is lost, not late. */
  currentMs(): number;
}

/** Smoothing factor of the exponential moving average. */
const WEIGHT = 0.1;
const MAX_LAG_MS = 300_000;
const FRESH_MS = 5_000;

/**
 * How late a queue is: an exponential moving average over the tasks that arrive from it. In a burst the queue's rate limit delays
 * tasks that are not lost; the sweep must not create a second task for each.
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
