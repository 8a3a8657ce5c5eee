import type { Criteria } from '@agent-registry/criteria';
import type { EffectiveLimits, TestOutcome, TestResult } from '@agent-registry/schemas';
import type { Usage } from './backend.ts';
import type { RunnerContext } from './context.ts';
import type { JobBounds } from './worker-process.ts';

/** What a suite is run on. */
export interface Suite {
  readonly criteria: Criteria;
  readonly deliverable: unknown;
  readonly deliverableJson: Buffer;
  /** By the registry's own clock: the last start and this delivery. Null in a dry run. */
  readonly facts: { readonly startedAt: Date; readonly deliveredAt: Date } | null;
}

/** What one test of a suite is run with. */
export interface TestRun {
  readonly context: RunnerContext;
  readonly suite: Suite;
  /** What the suite has left when the test begins. */
  readonly remainingMs: number;
  /** Takes the limits of tests that asked for more than they get. */
  readonly effectiveLimits: EffectiveLimits[];
  readonly signal: AbortSignal;
}

/** How a test ended, whatever its type. */
export type TestEnd = Omit<TestResult, 'test_id' | 'type' | 'passed'> & { readonly usage: Usage };

/** In place of the exit code and output of a test that has no process of its own. */
export const noProcess = { exit_code: null, stdout: '', stderr: '' } as const;
export const noUsage: Usage = { durationMs: 0, cpuMs: 0, peakMemoryBytes: 0 };

const mb = 1_048_576;
/** Longest answer of a declarative check. */
export const checkAnswerBytes = 65_536;
/** Beyond the memory limit of one test: node itself and the checks' libraries. */
const checkOverheadBytes = 134_217_728;

/** Bounds of a check that runs in a worker. */
export function checkBounds({ context, remainingMs }: TestRun): JobBounds {
  const { testMs, memoryLimitMb } = context.limits;
  return {
    wallMs: Math.min(testMs, remainingMs),
    rssBytes: memoryLimitMb * mb + checkOverheadBytes,
    answerBytes: checkAnswerBytes,
  };
}

/** A test that was stopped early for the suite's sake did not overrun its own limit. */
export function outOfTime(outcome: TestOutcome, clippedBySuite: boolean): TestOutcome {
  return outcome === 'timeout' && clippedBySuite ? 'suite_timeout' : outcome;
}
