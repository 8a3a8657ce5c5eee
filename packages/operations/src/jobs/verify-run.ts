import {
  abandonRuns,
  deleteOutboxOf,
  findDecidedRun,
  findHiddenCases,
  type HiddenCasesRow,
  type JobRow,
  leaveOutbox,
  lockRunnerTurns,
  renewOutbox,
  updateRun,
  type VerificationRunRow,
} from '@agent-registry/db';
import { isSuperseded } from '../is-superseded.ts';
import { defer, type Op } from '../op.ts';
import { schedule } from '../outbox.ts';
import { leaseEnd } from '../renew-lease.ts';
import { openDispute } from './finish-job.ts';
import { isOpen, type LockedRun, lockLeasedRun, lockRun, turnOver } from './lock-run.ts';
import { findNextRun } from './next-run.ts';
import { settleFail, verdictKey } from './settle-verification.ts';
import { transition } from './transition.ts';

/** Times a delivery may break the harness, while a canary passes, before an operator must decide. */
export const HARNESS_ERRORS_MAX = 3;
/** Runs that one claim may find to have ended meanwhile, before the queue is to try again. */
const LOOKS_MAX = 10;
/** When a run that goes back without a task of its own is tried again. */
const RETRY_MS = 1_000;
const NO_LEASE = { lease_token: null, lease_until: null } as const;

const taskOf = (runId: string) => ({ kind: 'verification', subject: runId, cycle: 1, attempt: 1 }) as const;

export type RunClaim =
  | {
      readonly kind: 'claimed';
      readonly job: JobRow;
      readonly run: VerificationRunRow;
      readonly token: string;
      /** Sealed; undefined where the job has none. There once the claim is committed. */
      readonly hiddenCases: Promise<HiddenCasesRow | undefined>;
      /** Whether a failure is the queue's to retry: the task that claimed the run is its own, and the newest. */
      readonly isRetried: boolean;
    }
  /**
   * `busy`: the task's own run is judged elsewhere; `superseded`: and a newer task stands for it. `settled`: a FAIL was recorded
   * before, and has been acted on now that its time has come.
   */
  | { readonly kind: 'done' | 'busy' | 'superseded' | 'settled' }
  /** The own run's FAIL waits for its step. The next task is in the outbox. */
  | { readonly kind: 'later' };

/**
 * Takes a run for one worker: a claim row with a lease, so two tasks for one run never judge it twice at once. A task is a slot
 * of the runner and not a ticket for its own run: it takes the run whose turn it is, so that nobody waits behind
 * the tasks of another lane's backlog. There are at least as many tasks as runs that wait; the sweep replaces those that were lost.
 *
 * @param input.runId the run that the task was created for.
 * @param input.generation of that run's outbox entry when the task was created; absent for the newest.
 */
export async function claimRun(op: Op, input: { runId: string; generation?: number }): Promise<RunClaim> {
  const { runId, generation = Number.POSITIVE_INFINITY } = input;
  // Both travel with the first look, which begins when the lock is there.
  defer(op, lockRunnerTurns(op.trx));
  const isOld = isSuperseded(op.trx, { kind: 'verification', subject: runId, generation });
  defer(op, isOld);
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const nextId = await findNextRun(op, runId);
    if (nextId === null) break;
    const locked = await lockRun(op, nextId);
    if (locked === null) continue;
    const { run } = locked;
    if (!isOpen(locked)) dropRun(op, run);
    else if (run.fail_settles_at !== null && run.fail_settles_at <= op.now) {
      await settleFail(op, locked);
      return { kind: 'settled' };
    } else if (isFree(run, op.now)) return takeRun(op, locked, run.run_id === runId && !(await isOld));
  }
  return leaveRun(op, runId, await isOld);
}

/** Whether nobody judges a run, and no verdict of it is recorded. */
function isFree(run: VerificationRunRow, now: Date): boolean {
  const isLeased = run.status === 'running' && run.lease_until !== null && run.lease_until > now;
  return run.fail_settles_at === null && !isLeased;
}

function takeRun(op: Op, { job, run }: LockedRun, isRetried: boolean): RunClaim {
  const token = op.ids.next();
  const until = leaseEnd(op);
  const turn = {
    status: 'running',
    lease_token: token,
    lease_until: until,
    started_at: run.started_at ?? op.now,
    turn_started_at: op.now,
  } as const;
  defer(op, updateRun(op.trx, run.run_id, turn));
  defer(op, leaveOutbox(op.trx, 'verification', run.run_id, until));
  const verifying = transition(op, job, 'claim_run');
  const hiddenCases = findHiddenCases(op.trx, job.job_id);
  defer(op, hiddenCases);
  return { kind: 'claimed', job: verifying, run: { ...run, ...turn }, token, hiddenCases, isRetried };
}

/** Ends a run whose verdict nobody would act on any more: its job has ended without it. */
function dropRun(op: Op, run: VerificationRunRow): void {
  defer(op, deleteOutboxOf(op.trx, 'verification', run.run_id));
  if (run.status !== 'pending' && run.status !== 'running') return;
  defer(op, updateRun(op.trx, run.run_id, { status: 'abandoned', ...NO_LEASE, finished_at: op.now }));
}

/** Nothing waits: what becomes of the task hangs on its own run. */
async function leaveRun(op: Op, runId: string, isOld: boolean): Promise<RunClaim> {
  const own = await lockRun(op, runId);
  if (own === null) return { kind: 'done' };
  if (!isOpen(own)) {
    dropRun(op, own.run);
    return { kind: 'done' };
  }
  if (own.run.fail_settles_at === null) return { kind: isOld ? 'superseded' : 'busy' };
  const renewed = await renewOutbox(op.trx, taskOf(runId));
  if (renewed !== undefined) op.outbox.due.push(renewed);
  return { kind: 'later' };
}

/** A run that a worker has leased. */
interface Leased {
  readonly runId: string;
  readonly token: string;
  /** Whether the queue retries the run's own task; else the run is given a new one when it goes back. */
  readonly isRetried: boolean;
}

/** Gives a run back unjudged: no capacity, a shutdown, an outage. Costs the delivery nothing. */
export async function releaseRun(op: Op, input: Leased): Promise<void> {
  const leased = await lockLeasedRun(op, input);
  if (leased !== null) returnRun(op, leased, input);
}

function returnRun(op: Op, leased: LockedRun, { isRetried }: Leased, errors?: number): void {
  const { run_id: runId, job_id: jobId } = leased.run;
  const back = {
    ...turnOver(op, leased),
    status: 'pending',
    ...(errors === undefined ? {} : { errors }),
  } as const;
  defer(op, updateRun(op.trx, runId, back));
  if (!isRetried)
    schedule(op, { ...taskOf(runId), job_id: jobId, due_at: new Date(op.now.getTime() + RETRY_MS) });
}

/**
 * Notes that the harness broke on this delivery. While a canary suite passes, the delivery is what breaks it: after three
 * times an operator must decide. While the canary fails it is an outage, and counts for nothing.
 */
export async function recordRunError(
  op: Op,
  input: Leased & { canaryPassed: boolean },
): Promise<{ disputed: boolean }> {
  const leased = await lockLeasedRun(op, input);
  if (leased === null) return { disputed: false };
  const errors = leased.run.errors + (input.canaryPassed ? 1 : 0);
  const disputed = errors >= HARNESS_ERRORS_MAX;
  if (!disputed) {
    returnRun(op, leased, input, errors);
    return { disputed };
  }
  const ended = { ...turnOver(op, leased), errors, status: 'error', finished_at: op.now } as const;
  defer(op, updateRun(op.trx, input.runId, ended));
  defer(op, deleteOutboxOf(op.trx, 'verification', input.runId));
  await disputeUnavailable(op, leased.job);
  return { disputed };
}

/** Puts a job whose delivery cannot be judged before an operator. A FAIL that is decided and waits for its step counts. */
export async function disputeUnavailable(op: Op, job: JobRow): Promise<JobRow> {
  const decided = await findDecidedRun(op.trx, job.job_id);
  if (decided !== undefined) return settleFail(op, { job, run: decided });
  await abandonRuns(op.trx, job.job_id, op.now);
  op.announcements.push(verdictKey(job.job_id));
  return openDispute(op, job, 'give_up_verifying', {
    by: null,
    reason: 'verification_unavailable',
    outcome: 'verification_unavailable',
  });
}
