import type { CriteriaTest } from '@agent-registry/criteria';
import type { EffectiveLimits, TestResult, TestRunUsage } from '@agent-registry/schemas';
import { BackendUnavailable } from './backend.ts';
import { checks, type WorkerTest } from './checks.ts';
import type { RunnerContext } from './context.ts';
import { fixedLimits } from './limits.ts';
import {
  checkAnswerBytes,
  checkBounds,
  noProcess,
  noUsage,
  outOfTime,
  type Suite,
  type TestEnd,
  type TestRun,
} from './test-run.ts';
import type { CheckResult } from './worker/protocol.ts';

export interface SuiteRun {
  readonly results: readonly TestResult[];
  readonly usage: TestRunUsage;
  readonly effectiveLimits: readonly EffectiveLimits[];
}

/**
 * Runs the tests of a suite one after the other, each within its own limits and all within the suite's.
 *
 * @throws BackendUnavailable when a test could not be started: then there is no verdict
 * @throws the signal's reason when it is aborted
 */
export async function runSuite(context: RunnerContext, suite: Suite, signal: AbortSignal): Promise<SuiteRun> {
  const startedAtMs = performance.now();
  const elapsedMs = (): number => performance.now() - startedAtMs;
  const results: TestResult[] = [];
  const measured: TestRunUsage['tests'] = [];
  const effectiveLimits: EffectiveLimits[] = [];
  for (const test of suite.criteria.tests) {
    const remainingMs = context.limits.suiteMs - elapsedMs();
    const { usage, ...end } = await runTest({ context, suite, remainingMs, effectiveLimits, signal }, test);
    results.push({ test_id: test.testId, type: test.type, passed: end.outcome === 'passed', ...end });
    measured.push({
      test_id: test.testId,
      duration_ms: round(usage.durationMs),
      cpu_ms: round(usage.cpuMs),
      peak_memory_bytes: usage.peakMemoryBytes,
    });
  }
  const usage = {
    duration_ms: round(elapsedMs()),
    cpu_ms: round(measured.reduce((sum, { cpu_ms }) => sum + cpu_ms, 0)),
    peak_memory_bytes: Math.max(0, ...measured.map(({ peak_memory_bytes }) => peak_memory_bytes)),
    tests: measured,
  };
  return { results, usage, effectiveLimits };
}

async function runTest(run: TestRun, test: CriteriaTest): Promise<TestEnd> {
  const { context, signal } = run;
  if (run.remainingMs <= 0) {
    return { outcome: 'suite_timeout', message: 'The suite was out of time.', ...noProcess, usage: noUsage };
  }
  try {
    const check = checks[test.type];
    return 'inService' in check
      ? await (check.inService as (run: TestRun, test: CriteriaTest) => TestEnd | Promise<TestEnd>)(run, test)
      : await runInWorker(run, test as WorkerTest);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BackendUnavailable) throw error;
    context.log.error({ error, test_type: test.type }, 'the harness broke');
    return { outcome: 'error', message: 'The test harness broke.', ...noProcess, usage: noUsage };
  }
}

async function runInWorker(run: TestRun, test: WorkerTest): Promise<TestEnd> {
  const { context, suite, signal } = run;
  const bounds = checkBounds(run);
  const end = await context.checks.run({ test }, suite.deliverableJson, bounds, signal);
  if (end.kind === 'result') return { ...(end.result as CheckResult), ...noProcess, usage: end.usage };
  const outcome = outOfTime(end.reason, bounds.wallMs < context.limits.testMs);
  return { outcome, message: stopped[end.reason], ...noProcess, usage: end.usage };
}

const stopped = {
  timeout: 'Took longer than its limit.',
  memory: 'Took more memory than its limit.',
  output: `Answered with more than ${checkAnswerBytes} bytes.`,
  killed: 'Its process was killed.',
} as const;

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

/** Bytes that the deliverable is handed on in; they are the same for every test of a suite. */
export function deliverableBytes(deliverable: unknown): Buffer {
  return Buffer.from(JSON.stringify(deliverable));
}

export const deliverableBounds = {
  depth: fixedLimits.deliverableDepth,
  values: fixedLimits.deliverableValues,
} as const;
