/** Something that happens at a time. */
export interface Step {
  readonly at: Date;
  /** Breaks ties, so that the order never depends on which of two steps ended first. */
  readonly name: string;
  /** What it touches: steps that share a key run one after the other. Null is everything. */
  readonly keys: readonly string[] | null;
  /** Whether it waits for all that is earlier, whatever that touches. */
  readonly inOrder: boolean;
}

/**
 * Event queue of a conservative parallel simulation. Two steps run at once only if they share no key, and those that share one run
 * in the order of their times; so the outcome is that of running all of them one by one.
 */
export interface Agenda<S extends Step> {
  put(step: S): void;
  /** Begins the earliest step that may run beside those which run now; undefined where none may. */
  take(): S | undefined;
  end(step: S): void;
}

/** How many waiting steps are looked at for one that may run. */
const LOOKAHEAD = 64;

export function createAgenda<S extends Step>(): Agenda<S> {
  /** Sorted. */
  const waiting: S[] = [];
  const running = new Set<S>();
  const find = (): S | undefined => {
    const busy = new Set<string>();
    for (const { keys } of running) {
      if (keys === null) return undefined;
      for (const key of keys) busy.add(key);
    }
    for (const [index, step] of waiting.slice(0, LOOKAHEAD).entries()) {
      const { keys, inOrder } = step;
      if (keys === null) return index === 0 && running.size === 0 ? step : undefined;
      const isFree = keys.every((key) => !busy.has(key));
      const isNext = index === 0 && [...running].every((other) => isBefore(step, other));
      if (isFree && (isNext || !inOrder)) return step;
      for (const key of keys) busy.add(key);
    }
    return undefined;
  };
  return {
    put(step) {
      let [low, high] = [0, waiting.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (isBefore(step, waiting[middle]!)) high = middle;
        else low = middle + 1;
      }
      waiting.splice(low, 0, step);
    },
    take() {
      const step = find();
      if (step === undefined) return undefined;
      waiting.splice(waiting.indexOf(step), 1);
      running.add(step);
      return step;
    },
    end: (step) => void running.delete(step),
  };
}

function isBefore(a: Step, b: Step): boolean {
  const apartMs = a.at.getTime() - b.at.getTime();
  return apartMs === 0 ? a.name < b.name : apartMs < 0;
}
