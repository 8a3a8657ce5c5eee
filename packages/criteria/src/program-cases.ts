import { storableText } from '@agent-registry/schemas';
import { checkExpression } from './check-expressions.ts';
import { isObject, own, type Problems, report } from './problems.ts';

export interface ProgramCase {
  readonly stdin: string;
  readonly args: readonly string[];
  readonly expect: ProgramExpectation;
}
export type ProgramExpectation =
  | { readonly kind: 'output'; readonly exitCode: number; readonly stdout: ExpectedOutput | null }
  /** CEL over `stdout`, `json` (null where stdout is not JSON) and `exit_code`. */
  | { readonly kind: 'assertion'; readonly expression: string };
export interface ExpectedOutput {
  readonly text: string;
  readonly compare: OutputComparison;
  /** For `numbers`: how far two numbers a (printed) and e (expected) may lie apart, as a share of max(1, |e|). */
  readonly tolerance: number;
}
export const outputComparisons = ['exact', 'trimmed', 'tokens', 'numbers'] as const;
export type OutputComparison = (typeof outputComparisons)[number];

/** Bounds on a program test and on the delivered program. Sizes of text are in bytes of UTF-8. */
export const programBounds = {
  /** Of each kind: those that the seller sees, and the hidden ones. */
  cases: 50,
  stdinBytes: 65_536,
  args: 16,
  argsBytes: 4_096,
  /** What is expected, and so what of standard output is compared. */
  stdoutBytes: 65_536,
  /** Above this an exit code is how a shell tells of a signal. */
  exitCode: 128,
  saltChars: { least: 16, most: 128 },
  path: 1_000,
  files: 64,
  fileName: 100,
  sourceBytes: 524_288,
} as const;

/** What the assertion of a case is over. */
const programVariables = ['stdout', 'json', 'exit_code'];

const defaultTolerance = 1e-9;

/** Checks the cases of a program test, visible or hidden. */
export function checkCases(problems: Problems, path: string, value: unknown): ProgramCase[] {
  const { cases } = programBounds;
  if (!Array.isArray(value) || value.length === 0 || value.length > cases) {
    report(problems, path, `must be a list of 1 to ${cases} cases`);
    return [];
  }
  return value.flatMap((entry, index) => checkCase(problems, `${path}.${index}`, entry) ?? []);
}

function checkCase(problems: Problems, path: string, value: unknown): ProgramCase | null {
  if (!isObject(value)) return report(problems, path, 'must be an object');
  onlyMembers(problems, path, value, ['stdin', 'args', 'expect']);
  const stdin = checkText(problems, `${path}.stdin`, own(value, 'stdin') ?? '', programBounds.stdinBytes);
  const args = checkArgs(problems, `${path}.args`, own(value, 'args') ?? []);
  const expect = checkExpectation(problems, `${path}.expect`, own(value, 'expect'));
  return stdin === null || args === null || expect === null ? null : { stdin, args, expect };
}

function checkArgs(problems: Problems, path: string, value: unknown): string[] | null {
  const { args, argsBytes } = programBounds;
  if (!Array.isArray(value) || value.length > args || !value.every((arg) => typeof arg === 'string')) {
    return report(problems, path, `must be a list of at most ${args} strings`);
  }
  if (value.some((arg) => arg.includes('\0'))) return report(problems, path, 'must not contain NUL');
  const bytes = value.reduce((sum, arg) => sum + Buffer.byteLength(arg), 0);
  return bytes > argsBytes ? report(problems, path, `is over ${argsBytes} bytes together`) : value;
}

function checkExpectation(problems: Problems, path: string, value: unknown): ProgramExpectation | null {
  if (!isObject(value)) return report(problems, path, 'must be an object');
  if (own(value, 'assertion') !== undefined) {
    onlyMembers(problems, path, value, ['assertion']);
    const expression = checkExpression(
      problems,
      `${path}.assertion`,
      own(value, 'assertion'),
      programVariables,
    );
    return expression === null ? null : { kind: 'assertion', expression };
  }
  onlyMembers(problems, path, value, ['stdout', 'compare', 'tolerance', 'exit_code']);
  const stdout = own(value, 'stdout') ?? null;
  const given = own(value, 'exit_code') ?? null;
  if (stdout === null && given === null) {
    return report(problems, path, 'must say what is expected: stdout, exit_code or assertion');
  }
  const exitCode = checkExitCode(problems, `${path}.exit_code`, given ?? 0);
  const expected = checkOutput(problems, path, stdout, value);
  return exitCode === null || expected === undefined ? null : { kind: 'output', exitCode, stdout: expected };
}

function checkExitCode(problems: Problems, path: string, value: unknown): number | null {
  const { exitCode } = programBounds;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= exitCode) return value;
  return report(problems, path, `must be a whole number from 0 to ${exitCode}`);
}

/** What is expected of standard output; null for nothing, undefined where it is wrong. */
function checkOutput(
  problems: Problems,
  path: string,
  stdout: unknown,
  value: Record<string, unknown>,
): ExpectedOutput | null | undefined {
  const compare = own(value, 'compare') ?? null;
  const tolerance = own(value, 'tolerance') ?? null;
  const before = problems.errors.length;
  if (stdout === null && compare !== null) report(problems, `${path}.compare`, 'compares no stdout');
  if (tolerance !== null && compare !== 'numbers') {
    report(problems, `${path}.tolerance`, 'is for the comparison numbers');
  }
  if (tolerance !== null && !(typeof tolerance === 'number' && tolerance >= 0 && tolerance < 1)) {
    report(problems, `${path}.tolerance`, 'must be a number from 0 to below 1');
  }
  if (compare !== null && !outputComparisons.some((known) => known === compare)) {
    report(problems, `${path}.compare`, `must be one of ${outputComparisons.join(', ')}`);
  }
  const text =
    stdout === null ? null : checkText(problems, `${path}.stdout`, stdout, programBounds.stdoutBytes);
  if (problems.errors.length > before) return undefined;
  return text === null
    ? null
    : {
        text,
        compare: (compare ?? 'exact') as OutputComparison,
        tolerance: (tolerance ?? defaultTolerance) as number,
      };
}

function checkText(problems: Problems, path: string, value: unknown, bytes: number): string | null {
  if (typeof value !== 'string') return report(problems, path, 'must be a string');
  return Buffer.byteLength(value) > bytes ? report(problems, path, `is over ${bytes} bytes`) : value;
}

/** Refuses what a newer or mistaken client would expect to count. */
export function onlyMembers(
  problems: Problems,
  path: string,
  value: Record<string, unknown>,
  known: readonly string[],
): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const shown = JSON.stringify(storableText(key, 50));
    report(problems, path, `has the unknown member ${shown}; known: ${known.join(', ')}`);
  }
}
