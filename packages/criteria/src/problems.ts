import { storableText } from '@agent-registry/schemas';
import { criteriaBounds } from './bounds.ts';
import type { CompileJavascript } from './javascript-compiler.ts';

/** One thing wrong with criteria. `path` is dotted, such as `tests.0.params.pattern`; empty for the whole. */
export interface CriteriaError {
  readonly path: string;
  readonly message: string;
  /** The path is one into the hidden cases, which travel beside the criteria. */
  readonly ofHiddenCases?: true;
}

/** Collects what is wrong with one suite, and what its patterns have used of the suite's shared bounds. */
export interface Problems {
  readonly errors: CriteriaError[];
  readonly offeredRuntimes: readonly string[];
  /** Whether to refuse what would run, and can only be a mistake. A job that was accepted is run as it is. */
  readonly isProposal: boolean;
  /** What was sent beside the criteria for their program tests: `{<test_id>: {salt, cases}}`. */
  readonly hiddenCases: unknown;
  readonly compileJavascript: CompileJavascript | null;
  patternText: number;
  patternProgram: number;
  foldedClasses: number;
}

export function noProblems(
  offeredRuntimes: readonly string[],
  hiddenCases?: unknown,
  isProposal = false,
  compileJavascript: CompileJavascript | null = null,
): Problems {
  return {
    errors: [],
    offeredRuntimes,
    hiddenCases,
    isProposal,
    compileJavascript,
    patternText: 0,
    patternProgram: 0,
    foldedClasses: 0,
  };
}

const PATH_CHARS_MAX = 500;
const MESSAGE_CHARS_MAX = 2_000;

/** Records one error and returns null, so that a check can end with it. */
export function report(problems: Problems, path: string, message: string): null {
  if (problems.errors.length >= criteriaBounds.errors) return null;
  // Both quote what a party wrote, and a quotation that is cut must not end within a character.
  const told = {
    path: storableText(path, PATH_CHARS_MAX),
    message: storableText(message, MESSAGE_CHARS_MAX),
  };
  problems.errors.push(told);
  return null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property, so that a name such as `constructor` finds nothing inherited. */
export function own(value: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

const REASON_CHARS_MAX = 200;

/** The first line of what a parser threw, short enough to send back. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return storableText(text.split('\n')[0] ?? '', REASON_CHARS_MAX);
}
