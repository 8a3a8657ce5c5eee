/** The counted work of a check ran out. The count is the same on every machine, so this is an outcome and no outage. */
export class TooExpensive extends Error {
  override readonly name = 'TooExpensive';
}

/** Counts the work of one check, in steps: a node visited, an expression evaluated, a few characters compared. */
export interface Work {
  /** @throws TooExpensive when the steps spent exceed the limit. */
  spend(steps: number): void;
}

/** @param unit what is counted, for the message: `steps`, `nodes` */
export function countWork(limit: number, unit: string): Work {
  let left = limit;
  return {
    spend(steps) {
      left -= steps;
      if (left < 0) throw new TooExpensive(`too_expensive: more than ${limit} ${unit}`);
    },
  };
}
