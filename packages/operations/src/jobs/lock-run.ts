import { type JobRow, lockJobOfRun, lockRunRow, type VerificationRunRow } from '@agent-registry/db';
import { AWAITING_VERDICT_STATUSES } from '@agent-registry/domain';
import { type Op, passTime } from '../op.ts';

export interface LockedRun {
  readonly job: JobRow;
  readonly run: VerificationRunRow;
}

/** Locks the job first, then its run: the order everything that touches both follows. Null when there is no such run. */
export async function lockRun(op: Op, runId: string): Promise<LockedRun | null> {
  const [job, run] = await Promise.all([lockJobOfRun(op.trx, runId), lockRunRow(op.trx, runId)]);
  if (job === undefined || run === undefined) return null;
  passTime(op, job.updated_at);
  return { job, run };
}

/** Locks a run for the worker that holds its lease; null when another does by now, or the run has ended. */
export async function lockLeasedRun(
  op: Op,
  input: { runId: string; token: string },
): Promise<LockedRun | null> {
  const found = await lockRun(op, input.runId);
  return found !== null && found.run.lease_token === input.token && isOpen(found) ? found : null;
}

/** Whether a verdict of this run would still be acted on. */
export function isOpen({ job, run }: LockedRun): boolean {
  return (
    (run.status === 'pending' || run.status === 'running') &&
    AWAITING_VERDICT_STATUSES.includes(job.status) &&
    run.delivery === job.delivery_count
  );
}

/** What ends a worker's turn with a run: its lease, and the time it spent in the runner is counted. */
export function turnOver(op: Op, { run }: LockedRun) {
  const spentMs = run.turn_started_at === null ? 0 : op.now.getTime() - run.turn_started_at.getTime();
  return {
    lease_token: null,
    lease_until: null,
    turn_ended_at: op.now,
    runner_ms: run.runner_ms + Math.max(0, spentMs),
  };
}
