import {
  abandonRuns,
  deleteOutboxOf,
  findDecidedRun,
  findOutbox,
  type JobRow,
  renewOutbox,
  updateRun,
  type VerificationRunRow,
} from '@agent-registry/db';
import type { Op } from '../op.ts';
import { openDispute } from './finish-job.ts';
import { isOpen, type LockedRun, lockLeasedRun, lockRun, turnOver } from './lock-run.ts';
import { settleFail, verdictKey } from './settle-verification.ts';
import { transition } from './transition.ts';
import { yieldTurn } from './yield-turn.ts';

/** How long one worker may hold a run before another takes it over. */
export const VERIFICATION_LEASE_MS = 390_000;
/** Times a delivery may break the harness, while a canary passes, before an operator must decide. */
export const HARNESS_ERRORS_MAX = 3;

export type RunClaim =
  | {
      readonly kind: 'claimed';
      readonly job: JobRow;
      readonly run: VerificationRunRow;
      readonly token: string;
    }
  /** `settled`: its FAIL was recorded before, and has been acted on now that its time has come. */
  | { readonly kind: 'done' | 'busy' | 'settled' }
  /** Its time has not come: it is another lane's turn, or its FAIL waits for its step. The next task is in the outbox. */
  | { readonly kind: 'later' };

/** Takes a run for one worker: a claim row with a lease, so two tasks for one run never judge it twice at once. */
export async function claimRun(op: Op, input: { runId: string }): Promise<RunClaim> {
  const found = await lockRun(op, input.runId);
  if (found === null) return { kind: 'done' };
  const { job, run } = found;
  if (!isOpen(found)) {
    await deleteOutboxOf(op.trx, 'verification', input.runId);
    return { kind: 'done' };
  }
  if (run.fail_settles_at !== null) return settleWhenDue(op, found, run.fail_settles_at);
  if (run.status === 'running' && run.lease_until !== null && run.lease_until > op.now)
    return { kind: 'busy' };
  if (await yieldTurn(op, run)) return { kind: 'later' };
  const token = op.ids.next();
  const claimed = await updateRun(op.trx, run.run_id, {
    status: 'running',
    lease_token: token,
    lease_until: new Date(op.now.getTime() + VERIFICATION_LEASE_MS),
    started_at: run.started_at ?? op.now,
    turn_started_at: op.now,
  });
  const verifying = await transition(op, job, 'claim_run');
  return { kind: 'claimed', job: verifying, run: claimed, token };
}

async function settleWhenDue(op: Op, locked: LockedRun, dueAt: Date): Promise<RunClaim> {
  if (dueAt <= op.now) {
    await settleFail(op, locked);
    return { kind: 'settled' };
  }
  const name = { kind: 'verification', subject: locked.run.run_id, cycle: 1, attempt: 1 } as const;
  const row = await findOutbox(op.trx, name);
  const renewed = row === undefined ? undefined : await renewOutbox(op.trx, row.outbox_id);
  if (renewed !== undefined) op.outbox.push(renewed.outbox_id);
  return { kind: 'later' };
}

/** Gives a run back unjudged: no capacity, a shutdown, an outage. Costs the delivery nothing. */
export async function releaseRun(op: Op, input: { runId: string; token: string }): Promise<void> {
  const leased = await lockLeasedRun(op, input);
  if (leased !== null) await updateRun(op.trx, input.runId, { ...turnOver(op, leased), status: 'pending' });
}

/**
 * Notes that the harness broke on this delivery. While a canary suite passes, the delivery is what breaks it: after three
 * times an operator must decide. While the canary fails it is an outage, and counts for nothing.
 */
export async function recordRunError(
  op: Op,
  input: { runId: string; token: string; canaryPassed: boolean },
): Promise<{ disputed: boolean }> {
  const leased = await lockLeasedRun(op, input);
  if (leased === null) return { disputed: false };
  const errors = leased.run.errors + (input.canaryPassed ? 1 : 0);
  const disputed = errors >= HARNESS_ERRORS_MAX;
  const ended = { ...turnOver(op, leased), errors };
  if (!disputed) {
    await updateRun(op.trx, input.runId, { ...ended, status: 'pending' });
    return { disputed };
  }
  await updateRun(op.trx, input.runId, { ...ended, status: 'error', finished_at: op.now });
  await deleteOutboxOf(op.trx, 'verification', input.runId);
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
