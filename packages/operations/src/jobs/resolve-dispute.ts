import type { JobRow } from '@agent-registry/db';
import { nextStatus } from '@agent-registry/domain';
import { fieldRefusal, formatCents, RegistryError } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import { notFound, type Op } from '../op.ts';
import { lockJob } from './lock-job.ts';
import { assertShares } from './settle-by-agreement.ts';
import { settleBySplit } from './settle-job.ts';
import { transition } from './transition.ts';

/**
 * An operator decides a dispute: the shares are price plus bond exactly.
 *
 * @throws RegistryError not_found, invalid_state, validation_failed.
 */
export async function resolveDispute(
  op: Op,
  input: { jobId: string; clientShare: bigint; sellerShare: bigint; note: string },
): Promise<JobRow> {
  const job = await lockJob(op, input.jobId);
  if (job === undefined) throw notFound('job');
  if (nextStatus(job.status, 'resolve') === null)
    throw new RegistryError('invalid_state', `A job that is ${job.status} has no dispute to resolve.`);
  assertShares(job, input);
  const settled = await settleBySplit(op, job, { ...input, by: 'operator' });
  const resolved = transition(op, job, 'resolve', {
    outcome: 'resolved',
    outcome_reason: input.note,
    resolved_by: 'operator',
    ...settled,
  });
  emitJobEvent(op, resolved, 'job.resolved', {
    client_share: formatCents(input.clientShare),
    seller_share: formatCents(input.sellerShare),
    by: 'operator',
  });
  return resolved;
}

/**
 * An operator gives the seller more time.
 *
 * @throws RegistryError not_found, invalid_state, validation_failed.
 */
export async function extendDeadline(op: Op, input: { jobId: string; deadline: Date }): Promise<JobRow> {
  const job = await lockJob(op, input.jobId);
  if (job === undefined) throw notFound('job');
  if (nextStatus(job.status, 'extend_deadline') === null) {
    throw new RegistryError('invalid_state', `A job that is ${job.status} has no running deadline.`);
  }
  if (job.delivery_deadline !== null && input.deadline <= job.delivery_deadline) {
    throw fieldRefusal('delivery_deadline', 'must be later than the deadline in force');
  }
  if (input.deadline.getTime() - op.now.getTime() > op.rules.deadlineMaxMs) {
    throw fieldRefusal('delivery_deadline', `must be within ${op.rules.deadlineMaxMs / 86_400_000} days`);
  }
  return transition(op, job, 'extend_deadline', { delivery_deadline: input.deadline });
}
