import { type Part, type PartEvent, type Supervised, supervise } from './supervise.ts';

export interface Supervisor {
  find(name: string): Supervised;
  /** Starts a group at once and waits for all of it. Throws one error for all that failed. */
  start(...parts: Part[]): Promise<void>;
  /** Ends the groups in the order opposite to their start; nothing starts afterwards. */
  stop(): Promise<void>;
}

/** Supervises groups of parts that start one group after another. `lastWords` explains a part's failure. */
export function createSupervisor(
  onEvent: (event: PartEvent) => void,
  lastWords: (part: string) => string,
): Supervisor {
  const groups: Map<string, Supervised>[] = [];
  let isStopping = false;

  async function start(...parts: Part[]): Promise<void> {
    if (isStopping) throw new Error('stopped before everything had started');
    const group = new Map(parts.map((part) => [part.name, supervise(part, onEvent)]));
    groups.push(group);
    const outcomes = await Promise.allSettled([...group.values()].map((part) => part.start()));
    const failures = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected'
        ? [`${(outcome.reason as Error).message}\n${lastWords(parts[index]?.name ?? '')}`]
        : [],
    );
    if (failures.length > 0) throw new Error(failures.join('\n'));
  }

  return {
    start,
    find: (name) => {
      const found = groups.find((group) => group.has(name))?.get(name);
      if (found === undefined) throw new Error(`the stack runs no ${name}`);
      return found;
    },
    stop: async () => {
      isStopping = true;
      for (const group of groups.toReversed()) {
        await Promise.all([...group.values()].map((part) => part.stop()));
      }
    },
  };
}
