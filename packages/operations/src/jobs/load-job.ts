import { type JobRow, listNegotiationEntries } from '@agent-registry/db';
import { type JobAction, mayAct, nextStatus, roleOf } from '@agent-registry/domain';
import { type JobRole, RegistryError } from '@agent-registry/schemas';
import { notFound, type Op } from '../op.ts';
import type { NegotiatedJob } from './append-negotiation.ts';
import { lockJob } from './lock-job.ts';
import { findEndedTimer } from './timed-job.ts';

export interface LoadedJob {
  readonly job: NegotiatedJob;
  readonly role: JobRole;
}

/**
 * Locks a job for a party's action and checks, in this order: that the caller is a party, that the action is that
 * party's, that the state allows it, and that time has not already ended that state.
 *
 * @throws RegistryError not_found, wrong_party, invalid_state.
 */
export async function loadJob(op: Op, jobId: string, actorId: string, action: JobAction): Promise<LoadedJob> {
  const [locked, negotiation] = await Promise.all([
    lockJob(op, jobId),
    listNegotiationEntries(op.trx, [jobId]),
  ]);
  const role = locked === undefined ? null : roleOf(locked, actorId);
  if (locked === undefined || role === null) throw notFound('job');
  const job = { ...locked, negotiation };
  if (!mayAct(role, action)) {
    throw new RegistryError(
      'wrong_party',
      `Only the ${role === 'client' ? 'seller' : 'client'} may ${action} this job.`,
    );
  }
  if (nextStatus(job.status, action) === null)
    throw new RegistryError('invalid_state', `A job that is ${job.status} does not take ${action}.`);
  assertInTime(op, job);
  return { job, role };
}

/** A state whose time is up takes no more actions, even when nothing has acted on its timer yet. */
function assertInTime(op: Op, job: JobRow): void {
  const over = findEndedTimer(job, op.rules, op.now);
  if (over !== undefined) {
    throw new RegistryError(
      'invalid_state',
      `The time of this state is up: ${over.timer.replace('_', ' ')} ended at ${over.dueAt.toISOString()}.`,
    );
  }
}
