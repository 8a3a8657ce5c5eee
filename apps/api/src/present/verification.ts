import type { JobRow, VerificationRunRow } from '@agent-registry/db';
import { failReason, outlineOf } from '@agent-registry/domain';
import type { JobRole, TestResult, Verification, VerificationRun } from '@agent-registry/schemas';
import { seesResult } from './job.ts';
import { presentRunner } from './runner.ts';
import { optionalTime, time } from './time.ts';

/** A verdict as a party may see it. Runs that ended without one count as `error`. */
export function presentVerification(job: JobRow, run: VerificationRunRow, role: JobRole): Verification {
  const verdict = run.status === 'pass' || run.status === 'fail' ? run.status : 'error';
  const { results, summary } = visibleParts(job, run, role);
  return { passed: verdict === 'pass', verdict, results, summary: summary ?? whyNoVerdict(run) };
}

/** That a run gave no verdict need not be the fault of its tests. */
function whyNoVerdict({ status }: VerificationRunRow): string {
  return status === 'abandoned' ? 'The job went on without a verdict.' : 'The tests could not be run.';
}

/** A run as a party may see it: what was found in the deliverable, and when, is the seller's alone until it is paid for. */
export function presentRun(job: JobRow, row: VerificationRunRow, role: JobRole): VerificationRun {
  const run = row.status === 'running' ? { ...row, ...UNTOLD } : row;
  const sees = seesResult(job, role);
  return {
    run_id: run.run_id,
    job_id: run.job_id,
    delivery: run.delivery,
    status: run.status,
    passed: run.status === 'pass' ? true : run.status === 'fail' ? false : null,
    ...visibleParts(job, run, role),
    criteria_hash: job.acceptance_criteria_hash,
    effective_limits: run.effective_limits ?? [],
    delivered_at: time(run.delivered_at),
    started_at: sees ? optionalTime(run.started_at) : null,
    finished_at: sees ? optionalTime(run.finished_at) : null,
    ...(sees ? { ...findingsOf(run), ...visibleUsage(job, run) } : {}),
  };
}

/** A FAIL that is decided, and acted on later, is nobody's to see before. */
const UNTOLD = {
  results: null,
  summary: null,
  effective_limits: null,
  deliverable_hash: null,
  isolation: null,
  usage: null,
  deterministic: null,
  runner_digest: null,
} as const;

/** What only who sees the result is told. */
function findingsOf(run: VerificationRunRow) {
  const { deliverable_hash, isolation, errors, deterministic } = run;
  return { deliverable_hash, isolation, errors, deterministic, runner: presentRunner(run) };
}

/** A program could write what it read of hidden cases into figures such as its memory: they are told when the job has ended. */
function visibleUsage(job: JobRow, run: VerificationRunRow): Pick<VerificationRun, 'usage'> {
  const judgesPrograms = run.results?.some(({ type }) => type === 'program') ?? false;
  return judgesPrograms && job.settled_at === null ? {} : { usage: run.usage };
}

type Parts = Pick<Verification, 'results'> & { summary: string | null };

function visibleParts(job: JobRow, run: VerificationRunRow, role: JobRole): Parts {
  if (run.results === null) return { results: [], summary: run.summary };
  if (seesResult(job, role)) return { results: run.results, summary: run.summary };
  const { shows } = outlineOf(job.acceptance_criteria ?? '{}');
  if (shows === 'tests') return { results: run.results.map(outlineOfTest), summary: countOf(run.results) };
  return { results: [], summary: run.status === 'pass' ? 'the delivery passed' : failReason(shows, []) };
}

function outlineOfTest({ test_id, type, passed }: TestResult): Verification['results'][number] {
  return { test_id, type, passed };
}

/** A count of what the client may see anyway, in the place of the test-runner's own summary. */
function countOf(results: readonly TestResult[]): string {
  return `${results.filter((result) => result.passed).length} of ${results.length} tests passed`;
}
