import { storableText } from '@agent-registry/schemas';
import { criteriaHash } from '@agent-registry/signing';
import { jsonWithinBounds } from './bounds.ts';
import { isObject, noProblems, own, type Problems, report } from './problems.ts';
import { checkCases, onlyMembers, type ProgramCase, programBounds } from './program-cases.ts';

const hiddenDepth = 16;
const hiddenValues = 10_000;

/**
 * Refuses hidden cases that no test asks for: they would be stored and never run.
 *
 * @param asked the ids of the tests that say `hidden`
 */
export function refuseUnaskedHiddenCases(problems: Problems, asked: ReadonlySet<string>): void {
  const { hiddenCases } = problems;
  if (hiddenCases === undefined || hiddenCases === null) return;
  if (!isObject(hiddenCases)) {
    reportHidden(problems, '', 'must be an object of test ids');
    return;
  }
  for (const testId of Object.keys(hiddenCases)) {
    if (!asked.has(testId)) {
      reportHidden(
        problems,
        storableText(testId, 100),
        'names no program test of the criteria with `hidden`',
      );
    }
  }
}

/** Checks the promise in the criteria, and that what was sent beside them is what was promised. */
export function checkHidden(problems: Problems, path: string, testId: string, value: unknown): ProgramCase[] {
  if (!isObject(value)) {
    report(problems, path, 'must be an object');
    return [];
  }
  onlyMembers(problems, path, value, ['count', 'commitment']);
  const count = own(value, 'count');
  const { cases } = programBounds;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > cases) {
    report(problems, `${path}.count`, `must be a whole number from 1 to ${cases}`);
    return [];
  }
  const commitment = own(value, 'commitment');
  if (typeof commitment !== 'string' || !/^[0-9a-f]{64}$/.test(commitment)) {
    report(problems, `${path}.commitment`, 'must be a sha256 in 64 lower-case hex digits');
    return [];
  }
  return checkSentCases(problems, testId, count, commitment);
}

function checkSentCases(
  problems: Problems,
  testId: string,
  count: number,
  commitment: string,
): ProgramCase[] {
  const inner = noProblems(problems.offeredRuntimes, undefined, problems.isProposal);
  const sent = isObject(problems.hiddenCases) ? own(problems.hiddenCases, testId) : undefined;
  const cases = readSentCases(inner, testId, sent, count, commitment);
  for (const { path, message } of inner.errors) reportHidden(problems, path, message);
  return cases;
}

function readSentCases(
  problems: Problems,
  testId: string,
  sent: unknown,
  count: number,
  commitment: string,
): ProgramCase[] {
  if (!isObject(sent)) {
    report(problems, testId, `must be {salt, cases} with the ${count} hidden cases of this test`);
    return [];
  }
  if (!jsonWithinBounds(sent, hiddenDepth, hiddenValues)) {
    report(problems, testId, `is deeper than ${hiddenDepth} levels or larger than ${hiddenValues} values`);
    return [];
  }
  onlyMembers(problems, testId, sent, ['salt', 'cases']);
  const salt = own(sent, 'salt');
  const { least, most } = programBounds.saltChars;
  if (typeof salt !== 'string' || salt.length < least || salt.length > most) {
    report(problems, `${testId}.salt`, `must be a random string of ${least} to ${most} characters`);
  }
  const cases = checkCases(problems, `${testId}.cases`, own(sent, 'cases'));
  if (problems.errors.length > 0) return [];
  if (cases.length !== count) report(problems, `${testId}.cases`, `must be ${count}, as the criteria say`);
  if (commitmentTo(sent) !== commitment) {
    report(problems, testId, 'is not what `commitment` is the sha256 of, in its RFC 8785 form');
  }
  return cases;
}

/** Null for what has no canonical form. */
function commitmentTo(sent: Record<string, unknown>): string | null {
  try {
    return criteriaHash(sent);
  } catch {
    return null;
  }
}

function reportHidden(problems: Problems, path: string, message: string): void {
  const before = problems.errors.length;
  report(problems, path, message);
  const added = problems.errors[before];
  if (added !== undefined) problems.errors[before] = { ...added, ofHiddenCases: true };
}
