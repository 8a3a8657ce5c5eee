import { TooExpensive } from '../work.ts';
import type { Resource } from './read-schema.ts';

/** The state of one validation. */
export interface Run {
  work: number;
  readonly maxWork: number;
  depth: number;
  readonly maxDepth: number;
  /** Whether some keyword asks what others have evaluated. */
  readonly tracksEvaluated: boolean;
  /** Schema resources on the way to here, the outermost first: the dynamic scope. */
  readonly scope: Resource[];
  /** Why the last failure was one, and where: member names and indices, the innermost first. */
  failure: string;
  readonly failurePath: (string | number)[];
}

/**
 * The members and elements of one value that keywords have evaluated: a name, an index, or true for all of them. Schemas that
 * look at the same value append to the same list; one that fails takes back what it appended. Null where nobody asks.
 */
export type Evaluated = (string | number | true)[] | null;

/** One keyword made ready. `start` is where its own schema's part of `evaluated` begins. */
export type Check = (run: Run, value: unknown, evaluated: Evaluated, start: number) => boolean;

/** Counts work: the same for the same schema and value on every machine. */
export function spend(run: Run, units: number): void {
  run.work += units;
  if (run.work > run.maxWork) throw new TooExpensive();
}

/** Counts the reading of a text. */
export function spendText(run: Run, text: string): void {
  spend(run, 1 + (text.length >> 6));
}

export function enter(run: Run): void {
  spend(run, 1);
  run.depth += 1;
  if (run.depth > run.maxDepth) throw new TooExpensive();
}

export function fail(run: Run, message: string): false {
  run.failure = message;
  run.failurePath.length = 0;
  return false;
}
