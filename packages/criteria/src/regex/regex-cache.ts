import type { Work } from '../work.ts';
import { compileRegex, type Regex } from './compile-regex.ts';

/** What compiling a pattern costs, which may come from the deliverable. */
const COMPILE_STEPS = 50_000;

/** Compiles each pattern once for one piece of work. */
export function createRegexCache(translate: (pattern: string) => string = (pattern) => pattern) {
  const known = new WeakMap<Work, Map<string, Regex | Error>>();
  /** The pattern compiled, or why it cannot be. Throws TooExpensive when the work runs out. */
  return (pattern: string, work: Work): Regex | Error => {
    const compiled = known.get(work) ?? new Map<string, Regex | Error>();
    known.set(work, compiled);
    const found = compiled.get(pattern);
    if (found !== undefined) return found;
    work.spend(COMPILE_STEPS);
    const made = tryCompile(() => compileRegex(translate(pattern)));
    compiled.set(pattern, made);
    return made;
  };
}

function tryCompile(compile: () => Regex): Regex | Error {
  try {
    return compile();
  } catch (error) {
    return error instanceof Error ? error : new Error('unknown reason');
  }
}
