import {
  deleteOutboxOf,
  type JobRow,
  updateRun,
  type VerificationRunChange,
  type VerificationRunRow,
} from '@agent-registry/db';
import { failReason, failSettlesAt, outlineOf } from '@agent-registry/domain';
import { storableTexts, type TestRunResponse } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import { sellerVerdictOpening, verdictOpening } from '../log/openings.ts';
import { readSalt, readSaltOfRun, recordLeaf } from '../log/record-leaf.ts';
import { defer, invariant, type Op } from '../op.ts';
import { schedule } from '../outbox.ts';
import { failWith, payOut } from './finish-job.ts';
import { type LockedRun, lockLeasedRun, turnOver } from './lock-run.ts';
import { transition } from './transition.ts';

/** Bytes of a verdict that are kept, and the characters of any one text in it: the texts shrink until it fits. */
const VERDICT_BYTES_MAX = 1_048_576;
const TEXT_CHARS_MAX = 65_536;
/** No text shrinks below this: longer than every name, and few enough for the largest suite to fit. */
const TEXT_CHARS_MIN = 256;

/**
 * Acts on a verdict, once: PASS pays at once; FAIL of a suite that runs code is recorded now and acted on at the next whole
 * step after the delivery, so that its time tells little; any other FAIL at once. A verdict that comes after the run
 * was taken over or ended changes nothing.
 *
 * @returns whether it counts, and since when or from when it is acted on.
 */
export async function settleVerification(
  op: Op,
  input: { runId: string; token: string; response: TestRunResponse },
): Promise<{ settled: false } | { settled: true; at: Date }> {
  const locking = lockLeasedRun(op, input);
  const noteSaltOf = readSaltOfRun(op, input.runId); // which travels with the lock
  const locked = await locking;
  if (locked === null) return { settled: false };
  noteSaltOf(locked.job.job_id);
  const { job, run } = locked;
  const { verdict } = input.response;
  invariant(verdict !== 'error', 'an error is no verdict');
  const kept = storable(input.response);
  const recorded = { ...turnOver(op, locked), ...columnsOf(kept) };
  const at = verdict === 'pass' ? op.now : settleTime(op, job, run);
  if (at > op.now) {
    // Still `running` to everybody: what is decided is told to nobody before its time.
    defer(op, updateRun(op.trx, run.run_id, { ...recorded, fail_settles_at: at }));
    const entry = { kind: 'verification', subject: run.run_id, cycle: 1, attempt: 1 } as const;
    schedule(op, { ...entry, job_id: job.job_id, due_at: at });
    return { settled: true, at };
  }
  const judged = { ...run, ...judgedBy(kept) };
  if (verdict === 'fail') await settleFail(op, { job, run: judged }, recorded);
  else {
    endRun(op, { job, run: judged }, 'pass', recorded);
    await payOut(op, job, 'pass');
  }
  return { settled: true, at };
}

/**
 * Acts on a FAIL: the job goes back with the time the verdict took, or fails with its last delivery.
 *
 * @param recorded the verdict's columns, where they are not in the database yet.
 */
export async function settleFail(
  op: Op,
  { job, run }: LockedRun,
  recorded: VerificationRunChange = {},
): Promise<JobRow> {
  invariant(run.results !== null && job.acceptance_criteria !== null, 'a verdict has results and criteria');
  readSalt(op, job.job_id);
  endRun(op, { job, run }, 'fail', recorded);
  return refuseDelivery(op, job, failReason(outlineOf(job.acceptance_criteria).shows, run.results));
}

/** The key under which the end of a job's run is announced. */
export function verdictKey(jobId: string): string {
  return `job:${jobId}`;
}

function endRun(
  op: Op,
  { job, run }: LockedRun,
  status: 'pass' | 'fail',
  recorded: VerificationRunChange,
): void {
  const openings = { both: verdictOpening(job, run, status), seller: sellerVerdictOpening(run) };
  recordLeaf(op, 'verdict', { jobId: job.job_id, subject: run.run_id, fields: {}, openings });
  defer(op, updateRun(op.trx, run.run_id, { ...recorded, status, finished_at: op.now }));
  defer(op, deleteOutboxOf(op.trx, 'verification', run.run_id));
  op.announcements.push(verdictKey(run.job_id));
}

function settleTime(op: Op, job: JobRow, run: VerificationRunRow): Date {
  invariant(job.acceptance_criteria !== null, 'a job with a run has criteria');
  return failSettlesAt(outlineOf(job.acceptance_criteria), {
    deliveredAt: run.delivered_at,
    now: op.now,
    stepMs: job.verdict_fail_step_ms,
  });
}

/** An answer as the database can keep it: texts that it takes, and not more than it should hold. */
export function storable(response: TestRunResponse): TestRunResponse {
  let kept = storableTexts(response, TEXT_CHARS_MAX);
  for (let chars = TEXT_CHARS_MAX / 4; chars >= TEXT_CHARS_MIN; chars /= 4) {
    if (Buffer.byteLength(JSON.stringify(kept)) <= VERDICT_BYTES_MAX) break;
    kept = storableTexts(kept, chars);
  }
  return kept;
}

/** What a verdict is made of, as the run's row will have it. */
function judgedBy({ results, deliverable_hash, isolation, effective_limits, runner }: TestRunResponse) {
  return {
    results,
    deliverable_hash,
    isolation,
    effective_limits: effective_limits ?? null,
    runner_version: runner?.version ?? null,
    runner_digest: runner?.digest ?? null,
  };
}

function columnsOf(response: TestRunResponse) {
  const { effective_limits } = response;
  return {
    ...judgedBy(response),
    results: JSON.stringify(response.results),
    summary: response.summary,
    isolation: JSON.stringify(response.isolation),
    usage: JSON.stringify(response.usage),
    effective_limits: effective_limits === undefined ? null : JSON.stringify(effective_limits),
    deterministic: response.deterministic ?? null,
  };
}

async function refuseDelivery(op: Op, job: JobRow, reason: string): Promise<JobRow> {
  if (job.delivery_count >= op.rules.maxDeliveries) {
    emitJobEvent(op, job, 'job.verification_failed', { reason });
    const why = `all ${op.rules.maxDeliveries} deliveries are used: ${reason}`;
    return failWith(op, job, 'exhaust', 'deliveries_used_up', why);
  }
  invariant(job.delivered_at !== null && job.delivery_deadline !== null, 'a delivered job has its times');
  const paused = op.now.getTime() - job.delivered_at.getTime();
  const returned = transition(op, job, 'refuse_delivery', {
    started_at: op.now,
    delivery_deadline: new Date(job.delivery_deadline.getTime() + paused),
  });
  emitJobEvent(op, returned, 'job.verification_failed', { reason });
  return returned;
}

/** A verdict without anything that a party or the runner wrote, for when the database refuses what they did. */
export function withoutTexts(response: TestRunResponse): TestRunResponse {
  const message = 'The texts of this verdict could not be kept.';
  return {
    ...response,
    results: response.results.map((result) => ({ ...result, message, stdout: '', stderr: '' })),
    summary: message,
    isolation: { backend: '', backends: [], runtimes: [] },
  };
}
