// What can be seen of a queue from outside.
import type { ThrottleState } from './rate.ts';
import type { QueueState } from './store.ts';
import type { Task } from './task.ts';

/** What `/state` shows of a queue. Counts are since the emulator's start; rates per second; ages in milliseconds. */
export interface QueueReport {
  readonly name: string;
  readonly state: 'RUNNING' | 'PAUSED';
  /** Tasks that have not ended, those being attempted included. */
  readonly depth: number;
  readonly running: number;
  readonly oldestTaskAgeMs: number | null;
  /** How long until the next task is due; negative when it is overdue. */
  readonly nextDueInMs: number | null;
  readonly dispatched: number;
  readonly succeeded: number;
  /** Attempts that failed. */
  readonly failed: number;
  /** Tasks dropped after their last allowed attempt. */
  readonly exhausted: number;
  readonly usedNames: number;
  readonly maxDispatchesPerSecond: number;
  readonly maxConcurrentDispatches: number;
  /** The rate after system throttling. */
  readonly currentDispatchesPerSecond: number;
  readonly throttle: ThrottleState;
}

type Counts = Pick<QueueReport, 'running' | 'dispatched' | 'succeeded' | 'failed' | 'exhausted'>;

export const reportQueue = (
  queue: QueueState,
  counts: Counts,
  throttle: ThrottleState,
  next: Task | undefined,
  nowMs: number,
): QueueReport => {
  const [oldest] = queue.tasks.values();
  const { maxDispatchesPerSecond, maxConcurrentDispatches } = queue.config;
  return {
    name: queue.name,
    state: queue.paused ? 'PAUSED' : 'RUNNING',
    depth: queue.tasks.size,
    oldestTaskAgeMs: oldest === undefined ? null : nowMs - oldest.createMs,
    nextDueInMs: next === undefined ? null : next.scheduleMs - nowMs,
    ...counts,
    usedNames: queue.usedNames.size,
    maxDispatchesPerSecond,
    maxConcurrentDispatches,
    currentDispatchesPerSecond: maxDispatchesPerSecond * throttle.factor,
    throttle,
  };
};
