// Everything the emulator must not forget. One function changes it, both when something happens and on replay.
import type { QueueConfig } from './queue-config.ts';
import {
  freshProgress,
  type HttpTarget,
  type NewTask,
  progressOf,
  type Task,
  type TaskProgress,
} from './task.ts';

/** A used task name is refused for an hour after its task has ended; a queue's name for three days, as in the product. */
const TASK_NAME_KEPT_MS = 3_600_000;
export const QUEUE_NAME_KEPT_MS = 3 * 24 * 3_600_000;
/** Used names kept per queue; beyond it the oldest are forgotten early, so that memory stays bounded. */
const MAX_USED_NAMES = 500_000;

export interface QueueState {
  /** Full resource name. */
  readonly name: string;
  config: QueueConfig;
  paused: boolean;
  purgedMs: number | null;
  /** By task id, in order of creation. */
  readonly tasks: Map<string, Task>;
  /** When each ended task's name was last in use, oldest first. */
  readonly usedNames: Map<string, number>;
}

export interface Store {
  readonly queues: Map<string, QueueState>;
  readonly deletedQueues: Map<string, number>;
  nextSeq: number;
}

type JournalledTarget = Omit<HttpTarget, 'body'> & { readonly body: string | null };
type JournalledTask = Omit<NewTask, 'target'> & {
  readonly target: JournalledTarget;
  readonly progress: TaskProgress;
};

/** One thing that happened, as a line of the journal. */
export type JournalRecord =
  | { t: 'queue'; queue: string; config: QueueConfig; paused: boolean; purgedMs: number | null }
  | { t: 'queue-deleted'; queue: string; at: number }
  | { t: 'purge'; queue: string; at: number }
  | { t: 'task'; queue: string; task: JournalledTask }
  | { t: 'failed'; queue: string; id: string; progress: TaskProgress }
  | { t: 'ended'; queue: string; id: string; at: number };

export const createStore = (): Store => ({ queues: new Map(), deletedQueues: new Map(), nextSeq: 1 });

/** `body` shares memory with nothing the journal keeps: base64 is text. */
export const taskRecord = (queue: string, task: NewTask, progress: TaskProgress): JournalRecord => ({
  t: 'task',
  queue,
  task: {
    id: task.id,
    named: task.named,
    createMs: task.createMs,
    deadlineMs: task.deadlineMs,
    ...(task.retry === undefined ? {} : { retry: task.retry }),
    target: { ...task.target, body: task.target.body?.toString('base64') ?? null },
    progress,
  },
});

const addTask = (store: Store, queue: QueueState, { progress, target, ...task }: JournalledTask): void => {
  const body = target.body === null ? null : Buffer.from(target.body, 'base64');
  const place = { seq: store.nextSeq, running: 0, heapIndex: -1 };
  queue.tasks.set(task.id, {
    ...task,
    ...freshProgress(0),
    ...progress,
    ...place,
    target: { ...target, body },
  });
  store.nextSeq += 1;
};

const rememberName = (queue: QueueState, id: string, atMs: number): void => {
  queue.usedNames.delete(id);
  queue.usedNames.set(id, atMs);
  for (const [oldest, usedMs] of queue.usedNames) {
    if (queue.usedNames.size <= MAX_USED_NAMES && usedMs + TASK_NAME_KEPT_MS > atMs) break;
    queue.usedNames.delete(oldest);
  }
};

const endTask = (queue: QueueState, id: string, atMs: number): void => {
  const named = queue.tasks.get(id)?.named ?? true;
  queue.tasks.delete(id);
  if (named) rememberName(queue, id, atMs);
};

/** Whether a name is refused because its task ended less than an hour ago. */
export const isNameUsed = (queue: QueueState, id: string, nowMs: number): boolean => {
  const usedMs = queue.usedNames.get(id);
  return usedMs !== undefined && usedMs + TASK_NAME_KEPT_MS > nowMs;
};

/** Makes one change. A record about a queue or task that is gone changes nothing. */
export const applyRecord = (store: Store, record: JournalRecord): void => {
  const queue = store.queues.get(record.queue);
  if (record.t === 'queue') {
    const { config, paused, purgedMs } = record;
    store.deletedQueues.delete(record.queue);
    if (queue !== undefined) Object.assign(queue, { config, paused, purgedMs });
    else {
      const fresh = { name: record.queue, config, paused, purgedMs, tasks: new Map(), usedNames: new Map() };
      store.queues.set(record.queue, fresh);
    }
  } else if (record.t === 'queue-deleted') {
    store.queues.delete(record.queue);
    store.deletedQueues.set(record.queue, record.at);
  } else if (queue === undefined) {
    return;
  } else if (record.t === 'purge') {
    queue.purgedMs = record.at;
    for (const id of [...queue.tasks.keys()]) endTask(queue, id, record.at);
  } else if (record.t === 'task') {
    addTask(store, queue, record.task);
  } else if (record.t === 'failed') {
    const task = queue.tasks.get(record.id);
    if (task !== undefined) Object.assign(task, record.progress);
  } else {
    endTask(queue, record.id, record.at);
  }
};

/** The whole state as the shortest journal that rebuilds it. */
export function* snapshotRecords(store: Store, nowMs: number): Generator<JournalRecord> {
  for (const [queue, at] of store.deletedQueues) {
    if (at + QUEUE_NAME_KEPT_MS > nowMs) yield { t: 'queue-deleted', queue, at };
  }
  for (const { name: queue, config, paused, purgedMs, tasks, usedNames } of store.queues.values()) {
    yield { t: 'queue', queue, config, paused, purgedMs };
    for (const task of tasks.values()) yield taskRecord(queue, task, progressOf(task));
    for (const [id, at] of usedNames) if (at + TASK_NAME_KEPT_MS > nowMs) yield { t: 'ended', queue, id, at };
  }
}
