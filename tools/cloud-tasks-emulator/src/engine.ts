// The emulator's core: the state, its journal and a runner per queue, kept in step.
import type { EmulatorClock } from './clock.ts';
import type { Dispatcher } from './dispatch.ts';
import { notFound } from './grpc-error.ts';
import type { Journal } from './journal.ts';
import type { Log } from './log.ts';
import { createQueueRunner, type QueueRunner, type RunnerContext } from './queue-runner.ts';
import { applyRecord, type JournalRecord, type QueueState, type Store } from './store.ts';

export interface EngineDeps {
  readonly clock: EmulatorClock;
  readonly log: Log;
  readonly dispatcher: Dispatcher;
  readonly journal: Journal;
  readonly store: Store;
  readonly systemThrottling: boolean;
  readonly allowAnyTarget: boolean;
  readonly mintToken: (claims: { audience: string; email: string }) => Promise<string>;
}

export interface Engine extends EngineDeps {
  readonly runners: Map<string, QueueRunner>;
  readonly nowMs: () => number;
  /** Journals a change and makes it. When it cannot be journalled it throws, and nothing has changed. */
  commit(record: JournalRecord): void;
  /** The queue of that full name, or NOT_FOUND. */
  queue(name: string): { state: QueueState; runner: QueueRunner };
  /** Begins to run a queue that the store has just gained. */
  startRunner(name: string): void;
  /** Resolves when nothing is being attempted and no running queue has a task that is due. */
  readonly idle: () => Promise<void>;
  /** Stops dispatching. What is under way may end within `graceMs`, then it is abandoned, to be sent again later. */
  readonly stop: (graceMs: number) => Promise<void>;
}

export const createEngine = (deps: EngineDeps): Engine => {
  const runners = new Map<string, QueueRunner>();
  let idleCallbacks: (() => void)[] = [];
  const isBusy = () => [...runners.values()].some((runner) => runner.isBusy());
  const onChange = () => {
    if (idleCallbacks.length === 0 || isBusy()) return;
    const resolved = idleCallbacks;
    idleCallbacks = [];
    for (const resolve of resolved) resolve();
  };
  const compact = () => {
    try {
      deps.journal.compactIfGrown(deps.store, deps.clock.now().getTime());
    } catch (error) {
      deps.log('error', `The journal could not be compacted: ${(error as Error).message}`);
    }
  };
  const commit = (record: JournalRecord) => {
    deps.journal.append(record);
    applyRecord(deps.store, record);
    compact();
  };
  const settle = (record: JournalRecord) => {
    try {
      commit(record);
    } catch (error) {
      // The attempt has happened, so memory records it; after a restart the task is merely sent again.
      deps.log('error', `The journal could not be written: ${(error as Error).message}`);
      applyRecord(deps.store, record);
    }
  };
  const context: RunnerContext = { ...deps, settle, onChange };
  const idle = () =>
    new Promise<void>((resolve) => {
      idleCallbacks.push(resolve);
      onChange();
    });
  const startRunner = (name: string) => {
    const state = deps.store.queues.get(name);
    if (state === undefined) throw new Error(`No queue ${name}`);
    const runner = createQueueRunner(context, state);
    runners.set(name, runner);
    runner.pump();
  };
  return {
    ...deps,
    runners,
    nowMs: () => deps.clock.now().getTime(),
    commit,
    queue: (name) => {
      const state = deps.store.queues.get(name);
      const runner = runners.get(name);
      if (state === undefined || runner === undefined) throw notFound(`Queue does not exist: ${name}`);
      return { state, runner };
    },
    startRunner,
    idle,
    stop: async (graceMs) => {
      for (const runner of runners.values()) runner.stop();
      if (graceMs > 0) {
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([idle(), new Promise((resolve) => (timer = setTimeout(resolve, graceMs)))]);
        clearTimeout(timer);
      }
      for (const runner of runners.values()) runner.abandon();
      await idle();
    },
  };
};
