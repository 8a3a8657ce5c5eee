import { criteriaBounds } from './bounds.ts';
import { checkExpression, checkJsonPath, checkPattern } from './check-expressions.ts';
import { checkPositive, checkRunParams } from './check-run-params.ts';
import { checkSchema } from './check-schema.ts';
import { wrongScriptText } from './check-script-text.ts';
import type { CriteriaTest } from './criteria.ts';
import { refuseNearNames } from './known-members.ts';
import { isObject, own, type Problems, report } from './problems.ts';
import { checkProgram } from './program.ts';

type Params = Record<string, unknown>;
type Check = (problems: Problems, path: string, testId: string, params: Params) => CriteriaTest | null;

export const scriptMembers = ['script', 'runtime', 'timeout_seconds', 'memory_limit_mb'];

/** The members of each type's params. */
const members: Readonly<Record<CriteriaTest['type'], readonly string[]>> = {
  json_schema: ['schema'],
  count_gte: ['path', 'min_count'],
  count_lte: ['path', 'max_count'],
  contains: ['pattern', 'is_regex'],
  checksum: ['expected_hash'],
  latency_lte: ['max_seconds'],
  assertion: ['expression'],
  script: scriptMembers,
  program: ['source', 'entry', 'runtime', 'cases', 'hidden', 'timeout_seconds', 'memory_limit_mb'],
};

/** Each type of test, with what its params must be. An unknown type is refused. */
const checks: Readonly<Record<CriteriaTest['type'], Check>> = {
  json_schema: (problems, path, testId, params) => {
    const schema = checkSchema(problems, `${path}.schema`, own(params, 'schema'));
    return schema === null ? null : { testId, type: 'json_schema', schema };
  },
  count_gte: (problems, path, testId, params) => {
    const jsonPath = checkJsonPath(problems, `${path}.path`, own(params, 'path'));
    const minCount = checkCount(problems, `${path}.min_count`, own(params, 'min_count'));
    return jsonPath === null || minCount === null
      ? null
      : { testId, type: 'count_gte', path: jsonPath, minCount };
  },
  count_lte: (problems, path, testId, params) => {
    const jsonPath = checkJsonPath(problems, `${path}.path`, own(params, 'path'));
    const maxCount = checkCount(problems, `${path}.max_count`, own(params, 'max_count'));
    return jsonPath === null || maxCount === null
      ? null
      : { testId, type: 'count_lte', path: jsonPath, maxCount };
  },
  contains: (problems, path, testId, params) => {
    const isRegex = own(params, 'is_regex') ?? false;
    if (typeof isRegex !== 'boolean') return report(problems, `${path}.is_regex`, 'must be true or false');
    const given = own(params, 'pattern');
    const pattern = isRegex
      ? checkPattern(problems, `${path}.pattern`, given)
      : checkText(problems, `${path}.pattern`, given, criteriaBounds.pattern);
    return pattern === null ? null : { testId, type: 'contains', pattern, isRegex };
  },
  checksum: (problems, path, testId, params) => {
    const expected = own(params, 'expected_hash');
    if (typeof expected !== 'string' || !/^[0-9a-fA-F]{64}$/.test(expected)) {
      return report(problems, `${path}.expected_hash`, 'must be a sha256 in 64 hex digits');
    }
    return { testId, type: 'checksum', expectedHash: expected.toLowerCase() };
  },
  latency_lte: (problems, path, testId, params) => {
    const maxSeconds = checkPositive(problems, `${path}.max_seconds`, own(params, 'max_seconds'));
    return maxSeconds === null ? null : { testId, type: 'latency_lte', maxSeconds };
  },
  assertion: (problems, path, testId, params) => {
    const expression = checkExpression(problems, `${path}.expression`, own(params, 'expression'));
    return expression === null ? null : { testId, type: 'assertion', expression };
  },
  script: checkScript,
  program: checkProgram,
};

/** Checks the params of a script test, or the short form of criteria, which are the same. */
export function checkScript(
  problems: Problems,
  path: string,
  testId: string,
  params: Params,
): CriteriaTest | null {
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const script = checkBase64(problems, at('script'), own(params, 'script'));
  const run = checkRunParams(problems, at, params);
  if (script === null || run === null) return null;
  const wrong = problems.isProposal ? wrongScriptText(run.runtime, script, problems.compileJavascript) : null;
  return wrong === null ? { testId, type: 'script', script, ...run } : report(problems, at('script'), wrong);
}

/** Checks one entry of `tests`. */
export function checkTest(problems: Problems, path: string, value: unknown): CriteriaTest | null {
  if (!isObject(value)) return report(problems, path, 'must be an object');
  const testId = checkText(problems, `${path}.test_id`, own(value, 'test_id'), criteriaBounds.testId);
  const type = own(value, 'type');
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) {
    return report(problems, `${path}.type`, `must be one of ${Object.keys(checks).join(', ')}`);
  }
  const params = own(value, 'params');
  if (!isObject(params)) return report(problems, `${path}.params`, 'must be an object');
  refuseNearNames(problems, path, value, ['test_id', 'type', 'params']);
  refuseNearNames(problems, `${path}.params`, params, members[type as CriteriaTest['type']]);
  const test = checks[type as CriteriaTest['type']](problems, `${path}.params`, testId ?? '', params);
  return testId === null ? null : test;
}

function checkText(problems: Problems, path: string, value: unknown, max: number): string | null {
  if (typeof value !== 'string' || value === '')
    return report(problems, path, 'must be a string that is not empty');
  return value.length > max ? report(problems, path, `is longer than ${max} characters`) : value;
}

function checkCount(problems: Problems, path: string, value: unknown): number | null {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  return report(problems, path, 'must be a whole number, 0 or more');
}

function checkBase64(problems: Problems, path: string, value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return report(problems, path, 'must be a script in base64');
  const { scriptBytes } = criteriaBounds;
  const longest = Math.ceil(scriptBytes / 3) * 4;
  if (value.length > longest) return report(problems, path, `is over ${scriptBytes} bytes when decoded`);
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) {
    return report(problems, path, 'is not base64');
  }
  const padding = value.endsWith('==') ? 2 : Number(value.endsWith('='));
  const decoded = (value.length / 4) * 3 - padding;
  return decoded > scriptBytes ? report(problems, path, `is over ${scriptBytes} bytes when decoded`) : value;
}
