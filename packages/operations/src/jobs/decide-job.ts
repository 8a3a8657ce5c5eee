import type { JobAction } from '@agent-registry/domain';
import { RegistryError } from '@agent-registry/schemas';
import { invariant, type Op } from '../op.ts';
import type { NegotiatedJob } from './append-negotiation.ts';
import { failWith, openDispute, payOut } from './finish-job.ts';
import { loadJob } from './load-job.ts';

interface Decision {
  readonly jobId: string;
  readonly actorId: string;
}

/** The client accepts the delivery. @throws RegistryError not_found, wrong_party, invalid_state, criteria_decide. */
export async function completeJob(op: Op, input: Decision): Promise<NegotiatedJob> {
  return payOut(op, await loadUndecided(op, input, 'complete'), 'complete');
}

/** The client refuses the delivery. @throws RegistryError not_found, wrong_party, invalid_state, criteria_decide. */
export async function failJob(op: Op, input: Decision & { reason: string | null }): Promise<NegotiatedJob> {
  const job = await loadUndecided(op, input, 'fail');
  return failWith(op, job, 'fail', 'failed_by_client', input.reason ?? 'refused by the client');
}

/** Either party asks an operator to decide a failed job. @throws RegistryError not_found, invalid_state. */
export async function disputeJob(
  op: Op,
  input: Decision & { reason: string | null },
): Promise<NegotiatedJob> {
  const { job } = await loadJob(op, input.jobId, input.actorId, 'dispute');
  if (job.settled_at !== null)
    throw new RegistryError('invalid_state', 'The job is settled: there is nothing to dispute.');
  invariant(job.outcome !== null, 'a failed job has an outcome');
  return openDispute(op, job, 'dispute', { by: input.actorId, reason: input.reason, outcome: job.outcome });
}

async function loadUndecided(op: Op, input: Decision, action: JobAction): Promise<NegotiatedJob> {
  const { job } = await loadJob(op, input.jobId, input.actorId, action);
  if (job.acceptance_criteria !== null) {
    throw new RegistryError('criteria_decide', 'This job has acceptance criteria: their suite decides it.');
  }
  return job;
}
