import { type ScriptRuntime, testTypes } from '@agent-registry/schemas';
import { checkRunParams } from './check-run-params.ts';
import { checkHidden } from './hidden-cases.ts';
import { own, type Problems, report } from './problems.ts';
import { checkCases, onlyMembers, programBounds } from './program-cases.ts';
import { parseSingularPath, type SingularPath } from './singular-path.ts';

export type ProgramRuntime = Exclude<ScriptRuntime, 'javascript'>;

/** Checks the params of a program test, and the hidden cases that were sent for it beside the criteria. */
export function checkProgram(
  problems: Problems,
  at: (member: string) => string,
  params: Record<string, unknown>,
  testId: string,
) {
  const before = problems.errors.length;
  onlyMembers(problems, at(''), params, Object.keys(testTypes.program.params));
  const source = checkSource(problems, at('source'), own(params, 'source'));
  const run = checkRunParams(problems, at, params);
  const runtime = run === null ? null : checkProgramRuntime(problems, at('runtime'), run.runtime);
  const cases = checkCases(problems, at('cases'), own(params, 'cases'));
  const hidden = own(params, 'hidden') ?? null;
  // Cases that the seller does not see; empty without any.
  const hiddenCases = hidden === null ? [] : checkHidden(problems, at('hidden'), testId, hidden);
  if (problems.errors.length > before || source === null || run === null || runtime === null) return null;
  return { ...run, source, runtime, cases, hiddenCases };
}

function checkSource(problems: Problems, path: string, value: unknown): SingularPath | null {
  if (typeof value !== 'string') return report(problems, path, 'must be a JSONPath');
  if (value.length > programBounds.path) {
    return report(problems, path, `is longer than ${programBounds.path} characters`);
  }
  return (
    parseSingularPath(value) ??
    report(problems, path, 'must be a JSONPath of RFC 9535 that selects one node, such as $.program')
  );
}

function checkProgramRuntime(problems: Problems, path: string, runtime: string): ProgramRuntime | null {
  if (runtime !== 'javascript') return runtime as ProgramRuntime;
  const message = 'javascript has no standard input, arguments or exit code: use python:3, node:24 or bash:5';
  return report(problems, path, message);
}
