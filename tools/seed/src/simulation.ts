import type { Db } from '@agent-registry/db';
import { commit, type Op, type OperationDeps, SWEEP_BATCH, sweepOutbox } from '@agent-registry/operations';
import type { MarketRules, TaskSpec } from '@agent-registry/schemas';
import type { Sealer } from '@agent-registry/signing';
import { type Agenda, createAgenda } from './agenda.ts';
import { createSeededIds } from './ids.ts';
import type { Random } from './random.ts';

/** A process of the discrete-event simulation: a coroutine that yields how long it waits, in milliseconds. */
export type Story = AsyncGenerator<number, void>;

/** What the simulated market runs on. */
export interface SimulationParts {
  readonly db: Db;
  readonly rules: MarketRules;
  readonly sealer: Sealer;
  readonly random: Random;
  readonly from: Date;
  readonly until: Date;
}

/** A discrete-event simulation of a registry: each operation runs at the simulated time of its story. */
export interface Simulation {
  readonly now: () => Date;
  readonly random: Random;
  /** Runs one operation now. */
  readonly act: <T>(work: (op: Op) => Promise<T>) => Promise<T>;
  begin(at: Date, story: Story): void;
  /** Lets time pass until the end; a story that waits longer stays where it is. */
  run(onTask: (task: TaskSpec) => Story): Promise<void>;
}

const SWEEP_EVERY_MS = 6 * 3_600_000;

export function createSimulation(parts: SimulationParts): Simulation {
  let now = parts.from;
  const clock = { now: () => now };
  const agenda: Agenda<Story> = createAgenda();
  const tasks: TaskSpec[] = [];
  const deps: OperationDeps = {
    db: parts.db,
    clock,
    ids: createSeededIds(clock, parts.random.derive('ids')),
    rules: parts.rules,
    sealer: parts.sealer,
    enqueue: async (specs) => {
      tasks.push(...specs);
      return 0;
    },
  };
  const act = async <T>(work: (op: Op) => Promise<T>): Promise<T> => (await commit(deps, work)).value;
  return {
    now: () => now,
    random: parts.random,
    act,
    begin: (at, story) => agenda.put(at, story),
    async run(onTask) {
      agenda.put(parts.from, sweeps(deps));
      for (let next = agenda.take(); next !== undefined && next.at <= parts.until; next = agenda.take()) {
        now = next.at;
        const { done, value: waitMs } = await next.item.next();
        if (done !== true) agenda.put(new Date(now.getTime() + waitMs), next.item);
        for (const task of tasks.splice(0)) agenda.put(task.scheduleAt ?? now, onTask(task));
      }
      now = parts.until;
    },
  };
}

/** Takes what falls due until the next sweep, so that each task is there at its time. */
async function* sweeps(deps: OperationDeps): Story {
  const sweep = async (op: Op): Promise<number> => {
    op.now = new Date(op.now.getTime() + SWEEP_EVERY_MS);
    return (await sweepOutbox(op)).taken;
  };
  for (;;) {
    for (let taken = SWEEP_BATCH; taken === SWEEP_BATCH; ) taken = (await commit(deps, sweep)).value;
    yield SWEEP_EVERY_MS;
  }
}
