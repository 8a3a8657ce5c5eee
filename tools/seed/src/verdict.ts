import type { JobRow } from '@agent-registry/db';
import type { TestResult, TestRunResponse } from '@agent-registry/schemas';
import { canonicalJson, sha256Hex } from '@agent-registry/signing';

interface SuiteTest {
  readonly test_id: string;
  readonly type: string;
}

const NO_PROCESS = { exit_code: null, stdout: '', stderr: '' } as const;
const RUNNER = { version: '0.0.0', digest: sha256Hex('the runner of a story') };

/** What the test-runner says of a delivery. Bad work fails the last test of its skill's suite, and no other. */
export function verdictOf(job: JobRow, runId: string, isGood: boolean, durationMs: number): TestRunResponse {
  const { tests } = JSON.parse(job.acceptance_criteria ?? '{"tests":[]}') as { tests: readonly SuiteTest[] };
  const result = JSON.parse(job.result ?? 'null') as unknown;
  const results = tests.map((test, index): TestResult => {
    const passed = isGood || index < tests.length - 1;
    const message = passed ? 'The condition held.' : 'The condition did not hold.';
    const { test_id, type } = test;
    return { test_id, type, passed, outcome: passed ? 'passed' : 'failed', message, ...NO_PROCESS };
  });
  const measured = {
    duration_ms: durationMs,
    cpu_ms: Math.round(durationMs / 3),
    peak_memory_bytes: 24_000_000,
  };
  return {
    run_id: runId,
    verdict: isGood ? 'pass' : 'fail',
    results,
    summary: `${results.filter(({ passed }) => passed).length} of ${results.length} tests passed`,
    criteria_hash: job.acceptance_criteria_hash ?? sha256Hex(''),
    deliverable_hash: sha256Hex(canonicalJson(result)),
    isolation: { backend: 'worker', backends: [], runtimes: [] },
    usage: { ...measured, tests: tests.map(({ test_id }) => ({ test_id, ...measured })) },
    runner: RUNNER,
    deterministic: true,
  };
}
