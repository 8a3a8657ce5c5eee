import type { CodeTest } from '@agent-registry/criteria';
import type { EffectiveLimits } from '@agent-registry/schemas';
import type { ScriptLimits } from './backend.ts';

const mb = 1_048_576;

/** What a QuickJS machine starts with, and so the least memory that a script can be given. */
const leastMemoryMb = 16;
const leastTimeoutSeconds = 0.1;

/** Bounds that no configuration moves. Sizes in bytes. */
export const fixedLimits = {
  outputBytes: 4 * mb,
  keptOutputBytes: 65_536,
  processes: 64,
  diskBytes: 16 * mb,
  diskFiles: 4_096,
  /** A test-run request: criteria and hidden cases came in a body of at most 1 MiB, a deliverable has 512 KiB at most. */
  bodyBytes: 4 * mb,
  deliverableDepth: 128,
  deliverableValues: 200_000,
  /** Requests that wait for a slot, each with its body in memory. */
  queue: 64,
  /** Most slots, whatever the machine has: each keeps workers loaded. */
  slots: 16,
  retryAfterSeconds: 5,
} as const;

/** The part of the configuration that decides limits. Times in ms. */
export interface VerificationConfig {
  readonly testMs: number;
  readonly suiteMs: number;
  readonly memoryLimitMb: number;
  readonly runnerRequestMs: number;
}

export interface RunnerLimits {
  readonly testMs: number;
  readonly suiteMs: number;
  readonly memoryLimitMb: number;
  /** Suites that run at once. */
  readonly slots: number;
  readonly queue: number;
  /** How long a request may wait for a slot, so that its suite still fits into the request. */
  readonly queueWaitMs: number;
}

/** One slot per core, up to `slots`; the queue is bounded in length and in time. */
export function runnerLimits(config: VerificationConfig, cores: number): RunnerLimits {
  const { testMs, suiteMs, memoryLimitMb, runnerRequestMs } = config;
  return {
    testMs,
    suiteMs,
    memoryLimitMb,
    slots: Math.min(Math.max(1, cores), fixedLimits.slots),
    queue: fixedLimits.queue,
    queueWaitMs: Math.max(0, runnerRequestMs - suiteMs),
  };
}

/** How the sandboxes of `python:3`, `node:24` and `bash:5` are bounded: as much as any script may have. */
export function sandboxOptions({ testMs, memoryLimitMb }: VerificationConfig, allowWatchdog: boolean) {
  const { processes, diskBytes, keptOutputBytes } = fixedLimits;
  const maxLimits = { memoryBytes: memoryLimitMb * mb, processes, diskBytes, cpuMs: testMs, keptOutputBytes };
  return { maxLimits, allowWatchdog };
}

/**
 * What a script gets: what it asked for, clamped to the configuration. `effective` is null when nothing
 * was clamped; otherwise the answer says what it got instead.
 */
export function scriptLimits(
  limits: RunnerLimits,
  test: CodeTest,
): { readonly limits: ScriptLimits; readonly effective: EffectiveLimits | null } {
  const mostSeconds = limits.testMs / 1_000;
  const timeoutSeconds = clamp(test.timeoutSeconds ?? mostSeconds, leastTimeoutSeconds, mostSeconds);
  const memoryLimitMb = clamp(
    test.memoryLimitMb ?? limits.memoryLimitMb,
    leastMemoryMb,
    limits.memoryLimitMb,
  );
  const clamped =
    timeoutSeconds !== (test.timeoutSeconds ?? timeoutSeconds) ||
    memoryLimitMb !== (test.memoryLimitMb ?? memoryLimitMb);
  const { outputBytes, keptOutputBytes, processes, diskBytes, diskFiles } = fixedLimits;
  return {
    limits: {
      // `javascript` is bounded by a count of steps, the same on every machine; its clock is only a backstop.
      wallMs: test.runtime === 'javascript' ? limits.testMs : timeoutSeconds * 1_000,
      cpuMs: timeoutSeconds * 1_000,
      memoryBytes: Math.floor(memoryLimitMb * mb),
      outputBytes,
      keptOutputBytes,
      processes,
      diskBytes,
      diskFiles,
    },
    effective: clamped
      ? { test_id: test.testId, timeout_seconds: timeoutSeconds, memory_limit_mb: memoryLimitMb }
      : null,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
