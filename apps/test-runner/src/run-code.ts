import type { CodeTest, TestOf } from '@agent-registry/criteria';
import { BackendUnavailable, type ScriptBackend, type ScriptLimits } from './backend.ts';
import type { RunnerContext } from './context.ts';
import { scriptLimits } from './limits.ts';
import { runProgramTest } from './program/run-program-test.ts';
import { checkBounds, outOfTime, type TestEnd, type TestRun } from './test-run.ts';

/** The backend that offers a test's runtime. Throws BackendUnavailable with the reason where none does. */
export function backendFor(context: RunnerContext, { runtime }: CodeTest): ScriptBackend {
  const found = context.backends.find(({ runtimes }) => runtimes.some(({ name }) => name === runtime));
  if (found !== undefined) return found;
  const reasons = context.isolation.flatMap(({ reason }) => reason ?? []);
  throw new BackendUnavailable(
    `the runtime ${runtime} is not offered here${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}`,
  );
}

export async function runScript(run: TestRun, test: TestOf<'script'>): Promise<TestEnd> {
  const { context, suite, remainingMs, signal } = run;
  const limits = limitsOf(run, test);
  const wallMs = Math.min(limits.wallMs, remainingMs);
  const job = {
    runtime: test.runtime,
    script: Buffer.from(test.script, 'base64'),
    deliverableJson: suite.deliverableJson,
    limits: { ...limits, wallMs },
  };
  const { exitCode, ...end } = await backendFor(context, test).run(job, signal);
  return { ...end, outcome: outOfTime(end.outcome, wallMs < limits.wallMs), exit_code: exitCode };
}

export function runProgram(run: TestRun, test: TestOf<'program'>): Promise<TestEnd> {
  const { context, suite, remainingMs, signal } = run;
  const until = performance.now() + remainingMs;
  const program = {
    backend: backendFor(context, test),
    checks: context.checks,
    checkBounds: checkBounds(run),
    limits: limitsOf(run, test),
    remainingMs: () => until - performance.now(),
  };
  return runProgramTest(program, test, suite.deliverable, signal);
}

/** A test's limits; where they are not what it asked for, the answer will say so. */
function limitsOf({ context, effectiveLimits }: TestRun, test: CodeTest): ScriptLimits {
  const { limits, effective } = scriptLimits(context.limits, test);
  if (effective !== null) effectiveLimits.push(effective);
  return limits;
}
