import type { TestOf } from '@agent-registry/criteria';
import { expect, test } from '@jest/globals';
import { runnerLimits, scriptLimits } from './limits.ts';

const config = { testMs: 60_000, suiteMs: 300_000, memoryLimitMb: 256, runnerRequestMs: 330_000 };
const limits = runnerLimits(config, 4);
const script = (over: Partial<TestOf<'script'>>): TestOf<'script'> => ({
  testId: 't',
  type: 'script',
  script: '',
  runtime: 'python:3',
  timeoutSeconds: null,
  memoryLimitMb: null,
  ...over,
});

test('a suite that waited for its slot still fits into the request', () => {
  expect(limits.queueWaitMs + limits.suiteMs).toBe(config.runnerRequestMs);
});

test('concurrency is the number of cores, within bounds', () => {
  expect([0, 1, 4, 64].map((cores) => runnerLimits(config, cores).slots)).toEqual([1, 1, 4, 16]);
});

test('a script that asks for nothing gets the configured limits, and nothing is said of it', () => {
  expect(scriptLimits(limits, script({}))).toMatchObject({
    limits: {
      wallMs: 60_000,
      cpuMs: 60_000,
      memoryBytes: 268_435_456,
      outputBytes: 4_194_304,
      keptOutputBytes: 65_536,
    },
    effective: null,
  });
});

test('a script gets what it asked for within the limits', () => {
  const given = scriptLimits(limits, script({ timeoutSeconds: 1.5, memoryLimitMb: 64 }));
  expect(given).toMatchObject({
    limits: { wallMs: 1_500, cpuMs: 1_500, memoryBytes: 67_108_864 },
    effective: null,
  });
});

test.each([
  [{ timeoutSeconds: 61 }, { timeout_seconds: 60, memory_limit_mb: 256 }],
  [{ memoryLimitMb: 1e9 }, { timeout_seconds: 60, memory_limit_mb: 256 }],
  [
    { timeoutSeconds: 1e-9, memoryLimitMb: 1 },
    { timeout_seconds: 0.1, memory_limit_mb: 16 },
  ],
])('%j is clamped, and the answer says to what', (over, effective) => {
  expect(scriptLimits(limits, script(over)).effective).toEqual({ test_id: 't', ...effective });
});

test('the clock is only a net under a javascript, whose cost is counted', () => {
  const given = scriptLimits(limits, script({ runtime: 'javascript', timeoutSeconds: 2 }));
  expect(given.limits).toMatchObject({ wallMs: 60_000, cpuMs: 2_000 });
});
