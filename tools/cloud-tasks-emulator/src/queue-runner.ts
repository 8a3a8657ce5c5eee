// Drives one queue: takes due tasks off the schedule as rate and concurrency allow, and settles each attempt.
import { status as grpc } from '@grpc/grpc-js';
import { isExhausted, retryDelayMs } from './backoff.ts';
import type { EmulatorClock } from './clock.ts';
import { attemptHeaders, type Dispatcher, noAnswer, type Outcome } from './dispatch.ts';
import { createHeap } from './heap.ts';
import { overrideTarget } from './http-target.ts';
import type { Log } from './log.ts';
import { burstSize } from './queue-config.ts';
import { type QueueReport, reportQueue } from './queue-report.ts';
import { createThrottle, createTokenBucket } from './rate.ts';
import type { JournalRecord, QueueState } from './store.ts';
import { type HttpTarget, progressAfterFailure, type Task } from './task.ts';

/** While a queue is throttled its rate is looked at again this often, since it recovers with time. */
const THROTTLE_RECHECK_MS = 1000;

export interface RunnerContext {
  readonly clock: EmulatorClock;
  readonly log: Log;
  readonly dispatcher: Dispatcher;
  readonly systemThrottling: boolean;
  readonly mintToken: (claims: { audience: string; email: string }) => Promise<string>;
  /** Journals and applies the end of an attempt; never throws. */
  settle(record: JournalRecord): void;
  /** Called whenever something ended, for those who wait until nothing is left to do. */
  onChange(): void;
}

export interface QueueRunner {
  add(task: Task): void;
  remove(task: Task): void;
  removeAll(): void;
  /** Attempts a task at once, whatever the queue's state and limits. */
  runNow(task: Task): void;
  /** Dispatches what may go; call it when the queue's state or limits have changed. */
  readonly pump: () => void;
  isBusy(): boolean;
  report(): QueueReport;
  /** Stops dispatching; attempts under way go on until `abandon`. */
  readonly stop: () => void;
  readonly abandon: () => void;
}

export const createQueueRunner = (ctx: RunnerContext, queue: QueueState): QueueRunner => {
  const queueId = queue.name.slice(queue.name.lastIndexOf('/') + 1);
  const heap = createHeap<Task>(
    (a, b) => a.scheduleMs < b.scheduleMs || (a.scheduleMs === b.scheduleMs && a.seq < b.seq),
  );
  const throttle = createThrottle(ctx.systemThrottling);
  const bucket = createTokenBucket();
  const abort = new AbortController();
  const counts = { dispatched: 0, succeeded: 0, failed: 0, exhausted: 0 };
  let inFlight = 0;
  let stopped = false;
  let cancelTimer = () => {};
  const nowMs = () => ctx.clock.now().getTime();

  const attempt = async (task: Task, target: HttpTarget): Promise<Outcome | null> => {
    const headers = attemptHeaders(queueId, task, target);
    task.running += 1;
    try {
      if (target.oidc !== null) headers.Authorization = `Bearer ${await ctx.mintToken(target.oidc)}`;
      return await ctx.dispatcher.send(target, headers, task.deadlineMs, abort.signal);
    } catch (error) {
      return noAnswer(grpc.INTERNAL, `The attempt could not be made: ${(error as Error).message}`);
    }
  };

  const fail = (task: Task, outcome: Outcome, scheduleMs: number, dispatchMs: number): void => {
    const retry = task.retry ?? queue.config.retry;
    const at = nowMs();
    const progress = progressAfterFailure(task, outcome, { scheduleMs, dispatchMs, endMs: at });
    const sinceFirstMs = at - (progress.firstAttempt?.dispatchMs ?? at);
    heap.remove(task);
    if (isExhausted(retry, progress.dispatchCount, sinceFirstMs)) {
      counts.exhausted += 1;
      ctx.log(
        'warn',
        `${queueId}/${task.id} dropped after attempt ${progress.dispatchCount}: ${outcome.reason}`,
      );
      ctx.settle({ t: 'ended', queue: queue.name, id: task.id, at });
      return;
    }
    const delayMs = retryDelayMs(retry, progress.dispatchCount, outcome.retryAfterMs);
    ctx.log(
      'debug',
      `${queueId}/${task.id} attempt ${progress.dispatchCount} failed, again in ${delayMs} ms: ${outcome.reason}`,
    );
    ctx.settle({
      t: 'failed',
      queue: queue.name,
      id: task.id,
      progress: { ...progress, scheduleMs: at + delayMs },
    });
    heap.push(task);
  };

  const finish = (task: Task, outcome: Outcome | null, scheduleMs: number, dispatchMs: number): void => {
    inFlight -= 1;
    task.running -= 1;
    if (outcome !== null) {
      throttle.record(outcome.kind, nowMs());
      counts[outcome.ok ? 'succeeded' : 'failed'] += 1;
      const isAlive = queue.tasks.get(task.id) === task;
      if (isAlive && outcome.ok) {
        heap.remove(task);
        ctx.settle({ t: 'ended', queue: queue.name, id: task.id, at: nowMs() });
      } else if (isAlive) fail(task, outcome, scheduleMs, dispatchMs);
    }
    pump();
    ctx.onChange();
  };

  const start = (task: Task): void => {
    heap.remove(task);
    const { scheduleMs } = task;
    const dispatchMs = nowMs();
    inFlight += 1;
    counts.dispatched += 1;
    void attempt(task, overrideTarget(task.target, queue.config.httpTarget)).then((outcome) =>
      finish(task, outcome, scheduleMs, dispatchMs),
    );
  };

  const pump = (): void => {
    cancelTimer();
    if (stopped || queue.paused) {
      // What was due no longer is, to whoever waits for the queue to be idle.
      ctx.onChange();
      return;
    }
    const now = nowMs();
    const { factor } = throttle.state(now);
    const rate = queue.config.maxDispatchesPerSecond * factor;
    const burst = burstSize(queue.config);
    let next = heap.peek();
    while (next !== undefined && next.scheduleMs <= now && inFlight < queue.config.maxConcurrentDispatches) {
      if (!bucket.take(now, rate, burst)) break;
      start(next);
      next = heap.peek();
    }
    // A full queue is pumped again by the attempt that ends; an empty one by the task that comes.
    if (next === undefined || inFlight >= queue.config.maxConcurrentDispatches) return;
    const waitMs = next.scheduleMs > now ? next.scheduleMs - now : bucket.waitMs(now, rate, burst);
    cancelTimer = ctx.clock.after(
      Math.ceil(factor < 1 ? Math.min(waitMs, THROTTLE_RECHECK_MS) : waitMs),
      pump,
    );
  };

  const report = () =>
    reportQueue(queue, { ...counts, running: inFlight }, throttle.state(nowMs()), heap.peek(), nowMs());

  for (const task of queue.tasks.values()) heap.push(task);
  return {
    add: (task) => {
      heap.push(task);
      pump();
    },
    remove: (task) => {
      heap.remove(task);
      ctx.onChange();
    },
    removeAll: () => {
      heap.clear();
      ctx.onChange();
    },
    runNow: start,
    pump,
    isBusy: () =>
      inFlight > 0 ||
      (!stopped && !queue.paused && (heap.peek()?.scheduleMs ?? Number.POSITIVE_INFINITY) <= nowMs()),
    report,
    stop: () => {
      stopped = true;
      cancelTimer();
    },
    abandon: () => abort.abort(),
  };
};
