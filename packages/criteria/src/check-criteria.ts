import { type TestType, testTypes } from '@agent-registry/schemas';
import { criteriaBounds, jsonWithinBounds } from './bounds.ts';
import { type CriteriaTest, checks, checkText } from './checks.ts';
import { refuseUnaskedHiddenCases } from './hidden-cases.ts';
import type { CompileJavascript } from './javascript-compiler.ts';
import { refuseNearNames } from './known-members.ts';
import { type CriteriaError, isObject, noProblems, own, type Problems, report } from './problems.ts';
import { checkScript } from './script.ts';

const suiteMembers = ['version', 'tests', 'pass_threshold', 'disclosure'];
/** The test id of criteria in the short form. */
const shortFormTestId = 'script';

/** Criteria made ready to run. What is stored and hashed is the value as it was received, never this. */
export interface Criteria {
  readonly tests: readonly CriteriaTest[];
  /** How many tests must pass for the verdict `pass`; at least 1. */
  readonly minPass: number;
}

export interface CheckOptions {
  readonly offeredRuntimes: readonly string[];
  readonly hiddenCases?: unknown;
  /** Refuses also what would run and can only be a mistake: a misspelt member, a script that can never pass. */
  readonly isProposal?: boolean;
}

export type CriteriaCheck =
  | { readonly ok: true; readonly criteria: Criteria }
  | { readonly ok: false; readonly errors: readonly CriteriaError[] };

/**
 * Checks acceptance criteria as they were received: a suite, or the short form of one script. Never throws,
 * never changes the value, and parses every expression within bounded time and memory.
 *
 * @param value the JSON value as received; unknown members are ignored
 * @param options.offeredRuntimes names from the test-runner's /ready
 * @param options.hiddenCases what was sent beside the criteria for program tests: `{<test_id>: {salt, cases}}`
 * @param options.isProposal whether there is no job yet
 * @param compileJavascript compiles the `javascript` of a proposal; without it none is compiled
 * @returns the criteria made ready to run, or at most 20 errors with dotted paths
 */
export function checkCriteria(
  value: unknown,
  options: CheckOptions,
  compileJavascript: CompileJavascript | null = null,
): CriteriaCheck {
  const { offeredRuntimes, hiddenCases, isProposal } = options;
  const problems = noProblems(offeredRuntimes, hiddenCases, isProposal, compileJavascript);
  const criteria = check(problems, value);
  if (criteria !== null && problems.errors.length === 0) {
    const hidden = criteria.tests.filter((test) => test.type === 'program' && test.hiddenCases.length > 0);
    refuseUnaskedHiddenCases(problems, new Set(hidden.map(({ testId }) => testId)));
  }
  return criteria === null || problems.errors.length > 0
    ? { ok: false, errors: problems.errors }
    : { ok: true, criteria };
}

function check(problems: Problems, value: unknown): Criteria | null {
  if (!isObject(value)) return report(problems, '', 'must be an object');
  const { depth, values } = criteriaBounds;
  if (!jsonWithinBounds(value, depth, values)) {
    return report(problems, '', `is deeper than ${depth} levels or larger than ${values} values`);
  }
  if (!['tests', 'verdict', undefined].includes(own(value, 'disclosure') as string | undefined)) {
    report(problems, 'disclosure', 'must be "tests" or "verdict"');
  }
  const script = own(value, 'script');
  if (script !== undefined && own(value, 'tests') !== undefined) {
    return report(problems, '', 'has both script and tests: one or the other');
  }
  if (script === undefined) return checkSuite(problems, value);
  refuseNearNames(problems, '', value, [
    ...Object.keys(testTypes.script.params),
    'version',
    'tests',
    'disclosure',
  ]);
  const read = checkScript(problems, (member) => member, value);
  return read && { tests: [{ testId: shortFormTestId, type: 'script', ...read }], minPass: 1 };
}

function checkSuite(problems: Problems, value: Record<string, unknown>): Criteria | null {
  refuseNearNames(problems, '', value, [...suiteMembers, 'script']);
  const version = own(value, 'version');
  if (version !== undefined && version !== '1.0') report(problems, 'version', 'must be "1.0"');
  const given = own(value, 'tests');
  if (!Array.isArray(given) || given.length === 0) {
    return report(problems, 'tests', 'must be a list of at least one test');
  }
  if (given.length > criteriaBounds.tests) {
    return report(problems, 'tests', `has more than ${criteriaBounds.tests} tests`);
  }
  const tests: CriteriaTest[] = [];
  const ids = new Set<string>();
  for (const [index, entry] of given.entries()) {
    const test = checkTest(problems, `tests.${index}`, entry);
    if (test === null) continue;
    if (ids.has(test.testId)) report(problems, `tests.${index}.test_id`, 'is used twice');
    ids.add(test.testId);
    tests.push(test);
  }
  const minPass = checkThreshold(problems, own(value, 'pass_threshold') ?? 'all', given.length);
  return minPass === null ? null : { tests, minPass };
}

/** Checks one entry of `tests`. */
function checkTest(problems: Problems, path: string, value: unknown): CriteriaTest | null {
  if (!isObject(value)) return report(problems, path, 'must be an object');
  const testId = checkText(problems, `${path}.test_id`, own(value, 'test_id'), criteriaBounds.testId);
  const type = own(value, 'type') as TestType;
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) {
    return report(problems, `${path}.type`, `must be one of ${Object.keys(checks).join(', ')}`);
  }
  const params = own(value, 'params');
  if (!isObject(params)) return report(problems, `${path}.params`, 'must be an object');
  refuseNearNames(problems, path, value, ['test_id', 'type', 'params']);
  refuseNearNames(problems, `${path}.params`, params, Object.keys(testTypes[type].params));
  const at = (member: string) => (member === '' ? `${path}.params` : `${path}.params.${member}`);
  const read = checks[type](problems, at, params, testId ?? '');
  return testId === null || read === null ? null : ({ testId, type, ...read } as CriteriaTest);
}

function checkThreshold(problems: Problems, value: unknown, tests: number): number | null {
  if (value === 'all') return tests;
  if (value === 'majority') return Math.floor(tests / 2) + 1;
  if (!isObject(value)) {
    return report(problems, 'pass_threshold', 'must be "all", "majority" or {"min_pass": n}');
  }
  refuseNearNames(problems, 'pass_threshold', value, ['min_pass']);
  const least = own(value, 'min_pass');
  if (typeof least === 'number' && Number.isSafeInteger(least) && least >= 1 && least <= tests) return least;
  return report(problems, 'pass_threshold.min_pass', `must be a whole number from 1 to ${tests}`);
}
