import type { TestType, testTypes } from '@agent-registry/schemas';
import { criteriaBounds } from './bounds.ts';
import { checkExpression, checkJsonPath, checkPattern } from './check-expressions.ts';
import { checkPositive } from './check-run-params.ts';
import { checkSchema } from './check-schema.ts';
import { own, type Problems, report } from './problems.ts';
import { checkProgram } from './program.ts';
import { checkScript } from './script.ts';

/**
 * Reads the params of one test. Reports each thing that is wrong with its path, and returns null where there is any.
 *
 * @param at the path of a member of the params; of the params themselves for ''
 */
type ReadParams = (
  problems: Problems,
  at: (member: string) => string,
  params: Record<string, unknown>,
  testId: string,
) => object | null;

/** How the params of each type of test are read. */
export const checks = {
  json_schema: (problems, at, params) => {
    const schema = checkSchema(problems, at('schema'), own(params, 'schema'));
    return schema === null ? null : { schema };
  },
  count_gte: (problems, at, params) => {
    const path = checkJsonPath(problems, at('path'), own(params, 'path'));
    const minCount = checkCount(problems, at('min_count'), own(params, 'min_count'));
    return path === null || minCount === null ? null : { path, minCount };
  },
  count_lte: (problems, at, params) => {
    const path = checkJsonPath(problems, at('path'), own(params, 'path'));
    const maxCount = checkCount(problems, at('max_count'), own(params, 'max_count'));
    return path === null || maxCount === null ? null : { path, maxCount };
  },
  contains: (problems, at, params) => {
    const isRegex = own(params, 'is_regex') ?? false;
    if (typeof isRegex !== 'boolean') return report(problems, at('is_regex'), 'must be true or false');
    const given = own(params, 'pattern');
    const pattern = isRegex
      ? checkPattern(problems, at('pattern'), given)
      : checkText(problems, at('pattern'), given, criteriaBounds.pattern);
    return pattern === null ? null : { pattern, isRegex };
  },
  checksum: (problems, at, params) => {
    const expected = own(params, 'expected_hash');
    if (typeof expected !== 'string' || !/^[0-9a-fA-F]{64}$/.test(expected)) {
      return report(problems, at('expected_hash'), 'must be a sha256 in 64 hex digits');
    }
    return { expectedHash: expected.toLowerCase() };
  },
  latency_lte: (problems, at, params) => {
    const maxSeconds = checkPositive(problems, at('max_seconds'), own(params, 'max_seconds'));
    return maxSeconds === null ? null : { maxSeconds };
  },
  assertion: (problems, at, params) => {
    const expression = checkExpression(problems, at('expression'), own(params, 'expression'));
    return expression === null ? null : { expression };
  },
  script: checkScript,
  program: checkProgram,
} satisfies Record<TestType, ReadParams>;

/** A test of one type, made ready to run. */
export type TestOf<Type extends TestType> = {
  readonly testId: string;
  readonly type: Type;
} & Readonly<NonNullable<ReturnType<(typeof checks)[Type]>>>;

export type CriteriaTest = { [Type in TestType]: TestOf<Type> }[TestType];
/** Tests that execute code: a script of the client's, or a program of the seller's. */
export type CodeTest = {
  [Type in TestType]: (typeof testTypes)[Type]['runsCode'] extends true ? TestOf<Type> : never;
}[TestType];

/** A string that is not empty, of at most `max` code units. */
export function checkText(problems: Problems, path: string, value: unknown, max: number): string | null {
  if (typeof value !== 'string' || value === '')
    return report(problems, path, 'must be a string that is not empty');
  return value.length > max ? report(problems, path, `is longer than ${max} characters`) : value;
}

function checkCount(problems: Problems, path: string, value: unknown): number | null {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  return report(problems, path, 'must be a whole number, 0 or more');
}
