import type { JobRow, VerificationRunRow } from '@agent-registry/db';
import type { JobRole, TestResult, Verification, VerificationRun } from '@agent-registry/schemas';
import { seesResult } from './job.ts';
import { optionalTime, time } from './time.ts';

/** A verdict as a party may see it. Runs that ended without one count as `error`. */
export function presentVerification(job: JobRow, run: VerificationRunRow, role: JobRole): Verification {
  const verdict = run.status === 'pass' || run.status === 'fail' ? run.status : 'error';
  return {
    passed: verdict === 'pass',
    verdict,
    results: visibleResults(job, run, role),
    summary: visibleSummary(job, run, role) ?? 'The tests could not be run.',
  };
}

/** A run as a party may see it: what was found in the deliverable is the seller's alone until it is paid for. */
export function presentRun(job: JobRow, run: VerificationRunRow, role: JobRole): VerificationRun {
  return {
    run_id: run.run_id,
    job_id: run.job_id,
    delivery: run.delivery,
    status: run.status,
    passed: run.status === 'pass' ? true : run.status === 'fail' ? false : null,
    results: visibleResults(job, run, role),
    summary: visibleSummary(job, run, role),
    errors: run.errors,
    criteria_hash: job.acceptance_criteria_hash,
    ...(seesResult(job, role)
      ? { deliverable_hash: run.deliverable_hash, isolation: run.isolation, usage: run.usage }
      : {}),
    effective_limits: run.effective_limits ?? [],
    delivered_at: time(run.delivered_at),
    started_at: optionalTime(run.started_at),
    finished_at: optionalTime(run.finished_at),
  };
}

function visibleResults(job: JobRow, run: VerificationRunRow, role: JobRole): Verification['results'] {
  const results = run.results ?? [];
  return seesResult(job, role) ? results : results.map(outlineOf);
}

function outlineOf({ test_id, type, passed, outcome }: TestResult): Verification['results'][number] {
  return { test_id, type, passed, outcome };
}

/** The test-runner's own summary, or for a client that has not paid a count of what it may see anyway. */
function visibleSummary(job: JobRow, run: VerificationRunRow, role: JobRole): string | null {
  if (run.results === null || seesResult(job, role)) return run.summary;
  const passed = run.results.filter((result) => result.passed).length;
  return `${passed} of ${run.results.length} tests passed`;
}
