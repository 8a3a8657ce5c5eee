import { RE2JS } from 're2js';
import { criteriaBounds } from '../bounds.ts';
import type { Work } from '../work.ts';
import { programBound } from './program-bound.ts';

/** A pattern of RE2 syntax that is compiled. What matching costs is the product of text and program, and is counted before. */
export interface Regex {
  /** Whether it is found in the text. Throws TooExpensive when the work runs out. */
  find(text: string, work: Work): boolean;
  /** Whether it matches the whole text. */
  matches(text: string, work: Work): boolean;
}

/** Instructions times characters that count as one step. */
const PRODUCT_PER_STEP = 25;

/** Why a pattern cannot be compiled within bounds; null when its size is within them. */
export function wrongPatternSize(pattern: string): string | null {
  const { pattern: length, patternProgram, foldedClasses } = criteriaBounds;
  if (pattern.length > length) return `is longer than ${length} characters`;
  if (programBound(pattern) > patternProgram) {
    return `repeats too much: its parts times their counted repeats are over ${patternProgram}`;
  }
  const classes = foldedClassCount(pattern);
  return classes > foldedClasses ? `has more than ${foldedClasses} classes that ignore case` : null;
}

/** Classes that are compiled for both cases, which takes a walk over the characters in them. */
export function foldedClassCount(pattern: string): number {
  return /\(\?[a-zA-Z]*i/.test(pattern) ? pattern.split('[').length - 1 : 0;
}

/** @throws Error when the pattern is out of bounds or is not RE2 syntax. */
export function compileRegex(pattern: string): Regex {
  const wrong = wrongPatternSize(pattern);
  if (wrong !== null) throw new Error(wrong);
  const compiled = RE2JS.compile(pattern);
  const size = compiled.programSize();
  const spend = (text: string, work: Work): void =>
    work.spend(1 + Math.ceil((text.length * size) / PRODUCT_PER_STEP));
  return {
    find(text, work) {
      spend(text, work);
      return compiled.test(text);
    },
    matches(text, work) {
      spend(text, work);
      return compiled.testExact(text);
    },
  };
}
