import type { Db } from '@agent-registry/db';
import { commit, type Op, type OperationDeps, SWEEP_BATCH, sweepOutbox } from '@agent-registry/operations';
import type { MarketRules, TaskSpec } from '@agent-registry/schemas';
import type { Sealer } from '@agent-registry/signing';
import { createAgenda, type Step } from './agenda.ts';
import { createSeededIds } from './ids.ts';
import type { Random } from './random.ts';

/** How long a story waits before its next step: milliseconds, and whether that step may not run before all that is earlier. */
export type Wait = number | { readonly ms: number; readonly inOrder: true };

export const inOrder = (ms: number): Wait => ({ ms, inOrder: true });

/** A process of the discrete-event simulation: a coroutine that yields how long it waits. */
export type Story = AsyncGenerator<Wait, void>;

/** What the simulated market runs on. */
export interface SimulationParts {
  readonly db: Db;
  readonly rules: MarketRules;
  readonly sealer: Sealer;
  readonly random: Random;
  readonly from: Date;
  readonly until: Date;
  /** Steps at once. */
  readonly concurrency: number;
  /** Told how far the simulation has come. */
  readonly onTime?: ((now: Date) => void) | undefined;
}

/** Where one story takes place. Its time, ids and random numbers depend on no other story. */
export interface Stage {
  readonly now: () => Date;
  readonly random: Random;
  /** Runs one operation now. */
  readonly act: <T>(work: (op: Op) => Promise<T>) => Promise<T>;
  /** Says that tasks about a job touch what this story touches. */
  readonly own: (jobId: string) => void;
}

export interface StoryStart {
  readonly at: Date;
  /** Unique. */
  readonly name: string;
  /** Names of the agents that the story and its tasks touch; null is everything. */
  readonly keys: readonly string[] | null;
  /** Called at that time. */
  readonly tell: (stage: Stage) => Story;
}

/** A discrete-event simulation of a registry: each operation runs at the simulated time of its story. */
export interface Simulation {
  readonly random: Random;
  begin(start: StoryStart): void;
  /** Lets time pass until the end; a story that waits longer stays where it is. */
  run(onTask: (stage: Stage, task: TaskSpec) => Story): Promise<void>;
}

const SWEEP_EVERY_MS = 6 * 3_600_000;

/** One step of a story. */
interface Scheduled extends Step {
  readonly resume: (step: Scheduled) => Promise<void>;
}

export function createSimulation(parts: SimulationParts): Simulation {
  const { from, until, random, onTime } = parts;
  const agenda = createAgenda<Scheduled>();
  const keysOfJobs = new Map<string, Step['keys']>();
  let onTask: (stage: Stage, task: TaskSpec) => Story = () => {
    throw new Error('the simulation does not run yet');
  };

  /** Puts a story's first step on the agenda; each step puts the next, and what its operations led to. */
  const begin = ({ at, name, keys, tell }: StoryStart): void => {
    let now = at;
    const clock = { now: () => now };
    const tasks: TaskSpec[] = [];
    const own = random.derive(name);
    const deps: OperationDeps = {
      ...parts,
      clock,
      ids: createSeededIds(clock, own.derive('ids')),
      enqueue: async (specs) => {
        tasks.push(...specs);
        return 0;
      },
    };
    const stage: Stage = {
      now: clock.now,
      random: own,
      act: async (work) => (await commit(deps, work)).value,
      own: (jobId) => void keysOfJobs.set(jobId, keys),
    };
    let story: Story | undefined;
    const resume = async (step: Scheduled): Promise<void> => {
      now = step.at;
      story ??= tell(stage);
      const { done, value: wait } = await story.next();
      if (done !== true) {
        const ms = typeof wait === 'number' ? wait : wait.ms;
        put({ ...step, at: new Date(now.getTime() + ms), inOrder: typeof wait !== 'number' });
      }
      for (const task of tasks.splice(0))
        begin({
          at: task.scheduleAt ?? now,
          name: `task ${task.taskId}`,
          keys: keys ?? keysOfJobs.get(String(task.body.job_id)) ?? null,
          tell: (stage) => onTask(stage, task),
        });
    };
    put({ at, name, keys, inOrder: false, resume });
  };
  const put = (step: Scheduled): void => {
    if (step.at <= until) agenda.put(step);
  };

  return {
    random,
    begin,
    async run(doTask) {
      onTask = doTask;
      begin({ at: from, name: 'sweeps', keys: null, tell: (stage) => sweeps(stage, onTime) });
      await runAll(
        () => agenda.take(),
        async (step) => {
          await step.resume(step);
          agenda.end(step);
        },
        parts.concurrency,
      );
    },
  };
}

/** Runs what `take` gives, so many at once, until nothing runs and it gives nothing. @throws what the first of them throws, once all have ended. */
async function runAll<T>(
  take: () => T | undefined,
  work: (item: T) => Promise<void>,
  concurrency: number,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for (;;) {
    while (running.size < concurrency && failures.length === 0) {
      const item = take();
      if (item === undefined) break;
      const ended: Promise<void> = work(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(ended));
      running.add(ended);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failures.length > 0) throw failures[0];
}

/** Takes what falls due until the next sweep, so that each task is there at its time. */
async function* sweeps({ now, act }: Stage, onTime?: (now: Date) => void): Story {
  const sweep = async (op: Op): Promise<number> => {
    op.now = new Date(op.now.getTime() + SWEEP_EVERY_MS);
    return (await sweepOutbox(op)).taken;
  };
  for (;;) {
    onTime?.(now());
    for (let taken = SWEEP_BATCH; taken === SWEEP_BATCH; ) taken = await act(sweep);
    yield SWEEP_EVERY_MS;
  }
}
