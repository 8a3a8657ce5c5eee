import { checkRunParams } from './check-run-params.ts';
import type { ProgramRuntime, ProgramTest } from './criteria.ts';
import { checkHidden } from './hidden-cases.ts';
import { own, type Problems, report } from './problems.ts';
import { checkCases, onlyMembers, programBounds } from './program-cases.ts';
import { parseSingularPath, type SingularPath } from './singular-path.ts';

/** Checks the params of a program test, and the hidden cases that were sent for it beside the criteria. */
export function checkProgram(
  problems: Problems,
  path: string,
  testId: string,
  params: Record<string, unknown>,
): ProgramTest | null {
  const before = problems.errors.length;
  onlyMembers(problems, path, params, [
    'source',
    'runtime',
    'cases',
    'hidden',
    'timeout_seconds',
    'memory_limit_mb',
  ]);
  const source = checkSource(problems, `${path}.source`, own(params, 'source'));
  const run = checkRunParams(problems, (key) => `${path}.${key}`, params);
  const runtime = run === null ? null : checkProgramRuntime(problems, `${path}.runtime`, run.runtime);
  const cases = checkCases(problems, `${path}.cases`, own(params, 'cases'));
  const hidden = own(params, 'hidden') ?? null;
  const hiddenCases = hidden === null ? [] : checkHidden(problems, `${path}.hidden`, testId, hidden);
  if (problems.errors.length > before || source === null || run === null || runtime === null) return null;
  const { timeoutSeconds, memoryLimitMb } = run;
  return { testId, type: 'program', source, runtime, cases, hiddenCases, timeoutSeconds, memoryLimitMb };
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
