import type { JobRow } from '@agent-registry/db';
import { formatCents, type JobRole, RegistryError } from '@agent-registry/schemas';
import { timingSafeEqualText } from '@agent-registry/signing';
import { emitJobEvent } from '../emit.ts';
import { termsOpening } from '../log/openings.ts';
import { newSalt, recordLeaf } from '../log/record-leaf.ts';
import type { Op } from '../op.ts';
import { appendNegotiation, type NegotiatedJob } from './append-negotiation.ts';
import { loadJob } from './load-job.ts';
import { transition } from './transition.ts';

/**
 * Accepts the other party's last offer. The fee's rate and rule and the deadline are fixed here.
 *
 * @param input.round the round of the offer that is meant; whichever is on the table when absent.
 * @param input.criteriaHash the seller must send it where there are criteria: either of the two forms of the contract.
 * @throws RegistryError not_found, invalid_state, own_offer, criteria_hash_required, criteria_hash_mismatch.
 */
export async function acceptJob(
  op: Op,
  input: { jobId: string; actorId: string; criteriaHash: string | null; round?: number | null },
): Promise<NegotiatedJob> {
  const { job, role } = await loadJob(op, input.jobId, input.actorId, 'accept');
  if (job.last_offer_by === input.actorId) {
    throw new RegistryError('own_offer', 'You made the last offer: the other party may accept it.');
  }
  if (typeof input.round === 'number' && input.round !== job.current_round) {
    const detail = `The offer on the table is of round ${job.current_round}, not ${input.round}: read the job again.`;
    throw new RegistryError('invalid_state', detail);
  }
  assertCriteriaHash(job, role, input.criteriaHash);
  const deadline = job.delivery_deadline ?? new Date(op.now.getTime() + op.rules.deadlineDefaultMs);
  if (deadline <= op.now)
    throw new RegistryError('invalid_state', 'The delivery deadline of this offer has passed.');
  const agreed = transition(op, job, 'accept', {
    agreed_at: op.now,
    fee_rate_ppm: op.rules.feeRatePpm,
    fee_rule: 'up',
    delivery_deadline: deadline,
  });
  // The leaf of the terms commits to this step, and so to the deadline.
  const members = { delivery_deadline: deadline.toISOString() };
  const negotiated = appendNegotiation(op, agreed, { kind: 'accept', by: input.actorId, members });
  newSalt(op, agreed.job_id);
  const both = termsOpening(agreed, negotiated.negotiation);
  recordLeaf(op, 'terms', { jobId: agreed.job_id, subject: agreed.job_id, fields: {}, openings: { both } });
  emitJobEvent(op, agreed, 'job.accepted', {
    accepted_by: input.actorId,
    agreed_price: formatCents(agreed.price),
  });
  return negotiated;
}

function assertCriteriaHash(job: JobRow, role: JobRole, sent: string | null): void {
  const { acceptance_criteria_hash: hash, acceptance_criteria_legacy_hash: legacy } = job;
  if (sent === null) {
    if (hash === null || role === 'client') return;
    throw new RegistryError(
      'criteria_hash_required',
      'Send acceptance_criteria_hash: it says which criteria you accept.',
      {
        errors: [{ path: 'acceptance_criteria_hash', message: 'is required' }],
      },
    );
  }
  const matches = [hash, legacy].some((known) => known !== null && timingSafeEqualText(known, sent));
  if (!matches)
    throw new RegistryError('criteria_hash_mismatch', 'acceptance_criteria_hash is not that of this job.');
}
