import {
  deleteOutboxOf,
  type JobRow,
  type VerificationRunChange,
  type VerificationRunRow,
} from '@agent-registry/db';
import { storableTexts, type TestRunResponse } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import { invariant, type Op } from '../op.ts';
import { changeJob } from './change-job.ts';
import { failWith, openDispute, payOut } from './finish-job.ts';
import { holdJob } from './hold-job.ts';

/** How long one worker may hold a run before another takes it over. */
export const VERIFICATION_LEASE_MS = 390_000;
/** Times a delivery may break the harness, while a canary passes, before an operator must decide. */
export const HARNESS_ERRORS_MAX = 3;
/** What is kept of any one text of a runner's answer. */
const TEXT_CHARS_MAX = 65_536;

export type RunClaim =
  | {
      readonly kind: 'claimed';
      readonly job: JobRow;
      readonly run: VerificationRunRow;
      readonly token: string;
    }
  | { readonly kind: 'done' }
  | { readonly kind: 'busy' };

/** Takes a run for one worker: a claim row with a lease, so two tasks for one run never judge it twice at once. */
export async function claimRun(op: Op, input: { runId: string }): Promise<RunClaim> {
  const found = await lockRun(op, input.runId);
  if (found === null) return { kind: 'done' };
  const { job, run } = found;
  if (!isOpen(job, run)) {
    await deleteOutboxOf(op.trx, 'verification', input.runId);
    return { kind: 'done' };
  }
  if (run.status === 'running' && run.lease_until !== null && run.lease_until > op.now)
    return { kind: 'busy' };
  const token = op.ids.next();
  const claimed = await updateRun(op, run.run_id, {
    status: 'running',
    lease_token: token,
    lease_until: new Date(op.now.getTime() + VERIFICATION_LEASE_MS),
    started_at: run.started_at ?? op.now,
  });
  const verifying =
    job.status === 'verifying' ? job : await changeJob(op, job.job_id, { status: 'verifying' });
  return { kind: 'claimed', job: verifying, run: claimed, token };
}

/** Gives a run back unjudged: no capacity, a shutdown, an outage. Costs the delivery nothing. */
export async function releaseRun(op: Op, input: { runId: string; token: string }): Promise<void> {
  const held = await lockHeldRun(op, input);
  if (held !== null)
    await updateRun(op, input.runId, { status: 'pending', lease_token: null, lease_until: null });
}

/**
 * Notes that the harness broke on this delivery. While a canary suite passes, the delivery is what breaks it: after three
 * times an operator must decide. While the canary fails it is an outage, and counts for nothing.
 */
export async function recordRunError(
  op: Op,
  input: { runId: string; token: string; canaryPassed: boolean },
): Promise<{ disputed: boolean }> {
  const held = await lockHeldRun(op, input);
  if (held === null) return { disputed: false };
  const errors = held.run.errors + (input.canaryPassed ? 1 : 0);
  if (errors < HARNESS_ERRORS_MAX) {
    await updateRun(op, input.runId, { status: 'pending', errors, lease_token: null, lease_until: null });
    return { disputed: false };
  }
  await updateRun(op, input.runId, {
    status: 'error',
    errors,
    lease_token: null,
    lease_until: null,
    finished_at: op.now,
  });
  await deleteOutboxOf(op.trx, 'verification', input.runId);
  await disputeUnavailable(op, held.job);
  return { disputed: true };
}

/** Puts a job whose delivery cannot be judged before an operator. */
export async function disputeUnavailable(op: Op, job: JobRow): Promise<JobRow> {
  await op.trx
    .updateTable('verification_runs')
    .set({ status: 'abandoned', lease_token: null, lease_until: null, finished_at: op.now })
    .where('job_id', '=', job.job_id)
    .where('status', 'in', ['pending', 'running'])
    .execute();
  await op.trx
    .deleteFrom('outbox')
    .where('kind', '=', 'verification')
    .where('job_id', '=', job.job_id)
    .execute();
  return openDispute(op, job, {
    by: null,
    reason: 'verification_unavailable',
    outcome: 'verification_unavailable',
  });
}

/**
 * Acts on a verdict, once: PASS pays, FAIL gives the job back with the time the verdict took, or fails it when the
 * deliveries are used up. A verdict that comes after the run was taken over or ended changes nothing.
 */
export async function settleVerification(
  op: Op,
  input: { runId: string; token: string; response: TestRunResponse },
): Promise<{ settled: boolean }> {
  const held = await lockHeldRun(op, input);
  if (held === null) return { settled: false };
  const response = storableTexts(input.response, TEXT_CHARS_MAX);
  invariant(response.verdict !== 'error', 'an error is no verdict');
  await updateRun(op, input.runId, {
    status: response.verdict,
    lease_token: null,
    lease_until: null,
    finished_at: op.now,
    results: JSON.stringify(response.results),
    summary: response.summary,
    deliverable_hash: response.deliverable_hash,
    isolation: JSON.stringify(response.isolation),
    usage: JSON.stringify(response.usage),
    effective_limits:
      response.effective_limits === undefined ? null : JSON.stringify(response.effective_limits),
  });
  await deleteOutboxOf(op.trx, 'verification', input.runId);
  if (response.verdict === 'pass') await payOut(op, held.job, 'passed');
  else await refuseDelivery(op, held.job, reasonOf(response));
  return { settled: true };
}

/** What both parties may know of a FAIL: counts and outcomes, nothing a script wrote. */
function reasonOf(response: TestRunResponse): string {
  const failed = response.results.filter((result) => !result.passed);
  const outcomes = [...new Set(failed.map((result) => result.outcome))].sort().join(', ');
  return `${failed.length} of ${response.results.length} tests did not pass (${outcomes})`;
}

async function refuseDelivery(op: Op, job: JobRow, reason: string): Promise<void> {
  if (job.delivery_count >= op.rules.maxDeliveries) {
    await emitJobEvent(op, job, 'job.verification_failed', { reason });
    await failWith(
      op,
      job,
      'deliveries_used_up',
      `all ${op.rules.maxDeliveries} deliveries are used: ${reason}`,
    );
    return;
  }
  invariant(job.delivered_at !== null && job.delivery_deadline !== null, 'a delivered job has its times');
  const paused = op.now.getTime() - job.delivered_at.getTime();
  const returned = await changeJob(op, job.job_id, {
    status: 'in_progress',
    started_at: op.now,
    delivery_deadline: new Date(job.delivery_deadline.getTime() + paused),
  });
  await emitJobEvent(op, returned, 'job.verification_failed', { reason });
}

interface HeldRun {
  readonly job: JobRow;
  readonly run: VerificationRunRow;
}

/** The job first, then its run: the order everything that touches both follows. */
async function lockRun(op: Op, runId: string): Promise<HeldRun | null> {
  const seen = await op.trx
    .selectFrom('verification_runs')
    .select('job_id')
    .where('run_id', '=', runId)
    .executeTakeFirst();
  const job = seen === undefined ? undefined : await holdJob(op, seen.job_id);
  if (job === undefined) return null;
  const run = await op.trx
    .selectFrom('verification_runs')
    .selectAll()
    .where('run_id', '=', runId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  return { job, run };
}

async function lockHeldRun(op: Op, input: { runId: string; token: string }): Promise<HeldRun | null> {
  const found = await lockRun(op, input.runId);
  return found !== null && found.run.lease_token === input.token && isOpen(found.job, found.run)
    ? found
    : null;
}

function isOpen(job: JobRow, run: VerificationRunRow): boolean {
  return (
    (run.status === 'pending' || run.status === 'running') &&
    (job.status === 'delivered' || job.status === 'verifying') &&
    run.delivery === job.delivery_count
  );
}

function updateRun(op: Op, runId: string, change: VerificationRunChange): Promise<VerificationRunRow> {
  return op.trx
    .updateTable('verification_runs')
    .set(change)
    .where('run_id', '=', runId)
    .returningAll()
    .executeTakeFirstOrThrow();
}
