import type { Criteria, CriteriaTest, ProgramTest, ScriptTest } from '@agent-registry/criteria';
import type { EffectiveLimits, TestOutcome, TestResult, TestRunUsage } from '@agent-registry/schemas';
import { BackendUnavailable, type ScriptBackend, type ScriptLimits, type Usage } from './backend.ts';
import { checkLatencyLte, type Facts } from './checks/check-latency-lte.ts';
import type { WorkerTest } from './checks/run-check.ts';
import type { RunnerContext } from './context.ts';
import { fixedLimits, scriptLimits } from './limits.ts';
import { runProgramTest } from './program/run-program-test.ts';
import { nothing, type TestEnd } from './test-end.ts';
import type { CheckResult } from './worker/protocol.ts';
import type { JobBounds } from './worker-process.ts';

const mb = 1_048_576;
const checkAnswerBytes = 65_536;
/** Beyond the memory limit of one test: node itself and the checks' libraries. */
const checkOverheadBytes = 134_217_728;

/** What a suite is run on. */
export interface Suite {
  readonly criteria: Criteria;
  readonly deliverable: unknown;
  readonly deliverableJson: Buffer;
  /** Null in a dry run. */
  readonly facts: Facts | null;
}

export interface SuiteRun {
  readonly results: readonly TestResult[];
  readonly usage: TestRunUsage;
  readonly effectiveLimits: readonly EffectiveLimits[];
}

const noUsage: Usage = { durationMs: 0, cpuMs: 0, peakMemoryBytes: 0 };

/**
 * Runs the tests of a suite one after the other, each within its own limits and all within the suite's.
 *
 * @throws BackendUnavailable when a test could not be begun: then nothing is judged
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
    const { usage, ...end } = await runTest(context, suite, test, remainingMs, effectiveLimits, signal);
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

/** The backend that offers a script's runtime. Throws BackendUnavailable with the reason where none does. */
export function backendFor(context: RunnerContext, test: ScriptTest | ProgramTest): ScriptBackend {
  const found = context.backends.find(({ runtimes }) => runtimes.some(({ name }) => name === test.runtime));
  if (found !== undefined) return found;
  const reasons = context.isolation.flatMap(({ reason }) => reason ?? []);
  throw new BackendUnavailable(
    `the runtime ${test.runtime} is not offered here${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}`,
  );
}

async function runTest(
  context: RunnerContext,
  suite: Suite,
  test: CriteriaTest,
  remainingMs: number,
  effectiveLimits: EffectiveLimits[],
  signal: AbortSignal,
): Promise<TestEnd> {
  if (remainingMs <= 0) {
    return { outcome: 'suite_timeout', message: 'The suite was out of time.', ...nothing, usage: noUsage };
  }
  try {
    if (test.type === 'latency_lte')
      return { ...checkLatencyLte(test, suite.facts), ...nothing, usage: noUsage };
    if (test.type === 'script')
      return await runScript(context, suite, test, remainingMs, effectiveLimits, signal);
    if (test.type === 'program')
      return await runProgram(context, suite, test, remainingMs, effectiveLimits, signal);
    return await runDeclarative(context, suite, test, remainingMs, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BackendUnavailable) throw error;
    context.log.error({ error, test_type: test.type }, 'the harness broke');
    return { outcome: 'error', message: 'The test harness broke.', ...nothing, usage: noUsage };
  }
}

async function runScript(
  context: RunnerContext,
  suite: Suite,
  test: ScriptTest,
  remainingMs: number,
  effectiveLimits: EffectiveLimits[],
  signal: AbortSignal,
): Promise<TestEnd> {
  const limits = limitsOf(context, test, effectiveLimits);
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

function runProgram(
  context: RunnerContext,
  suite: Suite,
  test: ProgramTest,
  remainingMs: number,
  effectiveLimits: EffectiveLimits[],
  signal: AbortSignal,
): Promise<TestEnd> {
  const until = performance.now() + remainingMs;
  const program = {
    backend: backendFor(context, test),
    checks: context.checks,
    checkBounds: checkBounds(context, remainingMs),
    limits: limitsOf(context, test, effectiveLimits),
    remainingMs: () => until - performance.now(),
  };
  return runProgramTest(program, test, suite.deliverable, signal);
}

/** A test's limits; where they are not what it asked for, the answer will say so. */
function limitsOf(
  context: RunnerContext,
  test: ScriptTest | ProgramTest,
  effectiveLimits: EffectiveLimits[],
): ScriptLimits {
  const { limits, effective } = scriptLimits(context.limits, test);
  if (effective !== null) effectiveLimits.push(effective);
  return limits;
}

async function runDeclarative(
  context: RunnerContext,
  suite: Suite,
  test: WorkerTest,
  remainingMs: number,
  signal: AbortSignal,
): Promise<TestEnd> {
  const bounds = checkBounds(context, remainingMs);
  const end = await context.checks.run({ test }, suite.deliverableJson, bounds, signal);
  if (end.kind === 'result') return { ...(end.result as CheckResult), ...nothing, usage: end.usage };
  const outcome = outOfTime(end.reason, bounds.wallMs < context.limits.testMs);
  return { outcome, message: stopped[end.reason], ...nothing, usage: end.usage };
}

function checkBounds({ limits: { testMs, memoryLimitMb } }: RunnerContext, remainingMs: number): JobBounds {
  return {
    wallMs: Math.min(testMs, remainingMs),
    rssBytes: memoryLimitMb * mb + checkOverheadBytes,
    answerBytes: checkAnswerBytes,
  };
}

/** A test that was stopped early for the suite's sake did not overrun its own limit. */
function outOfTime(outcome: TestOutcome, clippedBySuite: boolean): TestOutcome {
  return outcome === 'timeout' && clippedBySuite ? 'suite_timeout' : outcome;
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
