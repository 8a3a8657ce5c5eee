import {
  countRejudgements,
  countWaitingRejudgements,
  deleteOutboxOf,
  findHiddenCases,
  findRecall,
  findRecallOfRunner,
  findWorkStart,
  type HiddenCasesRow,
  isDeliveryWaiting,
  isOtherLeased,
  type JobRow,
  lockJobOfRun,
  lockRecall,
  lockRejudgement,
  lockRejudgementSlot,
  lockRunRow,
  type RejudgementChange,
  type RejudgementRow,
  updateRejudgement,
  type VerificationRunRow,
} from '@agent-registry/db';
import type { TestRunResponse } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import { isSuperseded } from '../is-superseded.ts';
import { storable } from '../jobs/settle-verification.ts';
import { recallOpening } from '../log/openings.ts';
import { readSalt, recordLeaf } from '../log/record-leaf.ts';
import { invariant, type Op, passTime } from '../op.ts';
import { renewLease } from '../renew-lease.ts';
import {
  DELIVERABLE_REPLACED,
  PLACES_MAX,
  recallFields,
  scheduleRejudgement,
  turnedSubject,
} from './open-recall.ts';

/** Times a deliverable may break the harness, while a canary passes, before it is given up. */
const HARNESS_ERRORS_MAX = 3;
const NO_LEASE = { lease_token: null, lease_until: null } as const;

export type RejudgementClaim =
  | {
      readonly kind: 'claimed';
      /** With the time at which the work on this delivery began. */
      readonly job: JobRow;
      readonly run: VerificationRunRow;
      readonly token: string;
      readonly hiddenCases: Promise<HiddenCasesRow | undefined>;
    }
  | { readonly kind: 'done' | 'busy' | 'superseded' }
  /** It leaves the runner to others. The next task is in the outbox. */
  | { readonly kind: 'later' };

interface Leased {
  readonly runId: string;
  readonly token: string;
}

interface Locked {
  readonly job: JobRow;
  readonly run: VerificationRunRow;
  readonly anew: RejudgementRow;
}

/** The job first, then its run, as whatever touches both does. */
async function lock(op: Op, runId: string): Promise<Locked | null> {
  const [job, run, anew] = await Promise.all([
    lockJobOfRun(op.trx, runId),
    lockRunRow(op.trx, runId),
    lockRejudgement(op.trx, runId),
  ]);
  if (job === undefined || run === undefined || anew === undefined) return null;
  passTime(op, job.updated_at);
  return { job, run, anew };
}

/** Locks what a worker has leased; null when another has it by now, or it has ended. */
async function lockLeased(op: Op, { runId, token }: Leased): Promise<Locked | null> {
  const locked = await lock(op, runId);
  return locked?.anew.status === 'running' && locked.anew.lease_token === token ? locked : null;
}

/**
 * Takes a verdict of a recalled runner for one worker, under a lease. One is judged anew at a time, and none while a delivery waits:
 * nobody's money hangs on it.
 *
 * @param input.cycle how often it had been asked for when the task was created.
 */
export async function claimRejudgement(
  op: Op,
  input: { runId: string; cycle: number; generation: number },
): Promise<RejudgementClaim> {
  const { runId, cycle, generation } = input;
  await lockRejudgementSlot(op.trx);
  const locked = await lock(op, runId);
  if (locked === null || locked.anew.asked !== cycle) return { kind: 'done' };
  const { job, run, anew } = locked;
  if (anew.status !== 'waiting' && anew.status !== 'running') {
    await deleteOutboxOf(op.trx, 'rejudgement', runId);
    return { kind: 'done' };
  }
  if (await isSuperseded(op.trx, { kind: 'rejudgement', subject: runId, cycle, generation }))
    return { kind: 'superseded' };
  if (anew.status === 'running' && anew.lease_until !== null && anew.lease_until > op.now)
    return { kind: 'busy' };
  if (run.delivery !== job.delivery_count) {
    await finish(op, runId, { status: 'unavailable', reason: DELIVERABLE_REPLACED });
    return { kind: 'done' };
  }
  if (
    (await isDeliveryWaiting(op.trx)) ||
    (await isOtherLeased(op.trx, 'rejudgement', { id: runId, now: op.now }))
  ) {
    await updateRejudgement(op.trx, runId, { status: 'waiting', ...NO_LEASE });
    // Behind all others that wait, itself included: else thousands of them would fill the queue of the deliveries.
    const place = await countWaitingRejudgements(op.trx, anew.recall_id, PLACES_MAX);
    scheduleRejudgement(op, { runId, cycle, jobId: job.job_id }, place);
    return { kind: 'later' };
  }
  const token = op.ids.next();
  await updateRejudgement(op.trx, runId, { status: 'running', lease_token: token });
  await renewLease(op, 'rejudgement', { id: runId, token });
  const startedAt = await findWorkStart(op.trx, job.job_id, run.delivery);
  const hiddenCases = Promise.resolve(await findHiddenCases(op.trx, job.job_id));
  const asItStood = { ...job, started_at: startedAt ?? job.started_at };
  return { kind: 'claimed', job: asItStood, run, token, hiddenCases };
}

/** Gives it back unjudged: no capacity, a shutdown, an outage. */
export async function releaseRejudgement(op: Op, leased: Leased): Promise<void> {
  const locked = await lockLeased(op, leased);
  if (locked !== null) await updateRejudgement(op.trx, leased.runId, { status: 'waiting', ...NO_LEASE });
}

/** Notes that the harness broke on a deliverable while a canary passed. @returns whether that is the end of it. */
export async function recordRejudgementError(op: Op, leased: Leased): Promise<{ isFinal: boolean }> {
  const locked = await lockLeased(op, leased);
  if (locked === null) return { isFinal: true };
  const errors = locked.anew.errors + 1;
  const isFinal = errors >= HARNESS_ERRORS_MAX;
  if (isFinal) {
    const reason = 'The deliverable breaks the runner, while a canary passes.';
    await finish(op, leased.runId, { status: 'unavailable', errors, reason });
  } else await updateRejudgement(op.trx, leased.runId, { status: 'waiting', errors, ...NO_LEASE });
  return { isFinal };
}

export type Rejudged = 'same' | 'turned' | 'unavailable' | 'lost';

const RUNNER_UNTRUSTED = 'The current runner is recalled itself, or does not say which it is.';

/**
 * Keeps what the current runner says of a verdict; nothing of one that is recalled itself: the verdict may be asked for again. Where it says otherwise, both parties and the log are told, once; the job and its
 * money stay as they are.
 */
export async function recordRejudgement(
  op: Op,
  input: Leased & { response: TestRunResponse },
): Promise<Rejudged> {
  const locked = await lockLeased(op, input);
  if (locked === null) return 'lost';
  const { job, run, anew } = locked;
  const { verdict, runner } = input.response;
  invariant(verdict !== 'error', 'an error is no verdict');
  invariant(run.status === 'pass' || run.status === 'fail', 'only a verdict is judged anew');
  if (runner === undefined || (await findRecallOfRunner(op.trx, runner.digest)) !== undefined) {
    await finish(op, run.run_id, { status: 'unavailable', reason: RUNNER_UNTRUSTED });
    return 'unavailable';
  }
  const { results, summary } = storable(input.response);
  const judged = { verdict, runner_version: runner.version, runner_digest: runner.digest };
  const status = verdict === run.status ? 'same' : 'turned';
  const report = { ...judged, summary, results: JSON.stringify(results) };
  await finish(op, run.run_id, { status, ...report });
  if (status === 'turned') await tell(op, { job, run, anew: { ...anew, ...judged } });
  return status;
}

async function finish(op: Op, runId: string, change: RejudgementChange): Promise<void> {
  await updateRejudgement(op.trx, runId, { ...change, ...NO_LEASE, finished_at: op.now });
  await deleteOutboxOf(op.trx, 'rejudgement', runId);
}

async function tell(op: Op, { job, run, anew }: Locked): Promise<void> {
  const recall = await findRecall(op.trx, anew.recall_id);
  invariant(recall !== undefined && anew.verdict !== null, 'a verdict is judged anew for a recall');
  readSalt(op, job.job_id);
  const fields = recallFields(recall, {
    turned: await countTurned(op, recall.recall_id),
    reference: null,
  });
  const openings = { both: recallOpening(job, run, anew, null) };
  recordLeaf(op, 'recall', { jobId: job.job_id, subject: turnedSubject(run.run_id), fields, openings });
  emitJobEvent(op, job, 'job.verdict_recalled', {
    run_id: run.run_id,
    delivery: run.delivery,
    verdict: run.status === 'pass' ? 'pass' : 'fail',
    new_verdict: anew.verdict,
    reason: recall.reason,
  });
}

/** How many verdicts of a recall have turned, those of this transaction included; no other one counts meanwhile. */
export async function countTurned(op: Op, recallId: string): Promise<number> {
  await lockRecall(op.trx, recallId);
  const counts = await countRejudgements(op.trx, [recallId]);
  return counts
    .filter(({ status }) => status === 'turned' || status === 'closed')
    .reduce((sum, { count }) => sum + count, 0);
}
