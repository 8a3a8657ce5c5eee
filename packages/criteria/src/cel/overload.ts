import type { Work } from '../work.ts';
import type { Result } from './values.ts';

/** One meaning of a function: the kinds its arguments may have, and what it makes of them. */
export interface Overload {
  /** For a method, its target comes first. */
  readonly args: readonly number[];
  readonly result: number;
  readonly isMethod: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: the kinds of its arguments have been compared with `args`.
  readonly run: (args: any, work: Work) => Result;
}

/** A function with these arguments. */
export const fn = (args: readonly number[], result: number, run: Overload['run']): Overload => ({
  args,
  result,
  isMethod: false,
  run,
});
/** A method of its first argument. */
export const method = (args: readonly number[], result: number, run: Overload['run']): Overload => ({
  args,
  result,
  isMethod: true,
  run,
});
