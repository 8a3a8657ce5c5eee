import { insertAccounts, type JobRow, lockPartiesForShare } from '@agent-registry/db';
import { hold, UNFUNDED_STATUSES } from '@agent-registry/domain';
import { formatCents, RegistryError } from '@agent-registry/schemas';
import { emitJobEvent } from '../emit.ts';
import { heldOpening, type OpenTransfer } from '../log/openings.ts';
import { readSalt, recordLeaf } from '../log/record-leaf.ts';
import { InsufficientFunds, postTransfers } from '../money/post-transfers.ts';
import { defer, invariant, type Op } from '../op.ts';
import { loadJob } from './load-job.ts';
import { stakeOf } from './settle-job.ts';
import { transition } from './transition.ts';

/**
 * The client puts the price in escrow, and the seller's bond is held. Funding late never shortens the seller's time: the
 * deadline moves by as long as funding took.
 *
 * @throws RegistryError not_found, wrong_party, invalid_state, insufficient_funds.
 */
export async function fundJob(op: Op, input: { jobId: string; actorId: string }): Promise<JobRow> {
  const { jobId, actorId } = input;
  // The agents before the job, in the order deactivation locks them; not those of a job that will never be funded (again),
  // which others may have locked the other way round.
  const [parties, { job }] = await Promise.all([
    lockPartiesForShare(op.trx, { jobId, agentId: actorId }, UNFUNDED_STATUSES),
    loadJob(op, jobId, actorId, 'fund'),
  ]);
  if (parties.get(job.seller_agent_id) !== 'active') {
    const detail = 'The seller is not active: money would be held for nobody to earn.';
    throw new RegistryError('invalid_state', detail);
  }
  invariant(job.agreed_at !== null && job.delivery_deadline !== null, 'an agreed job has its times');
  const held = (['escrow', 'bond'] as const).map((kind) => ({ kind, account_id: op.ids.next() }));
  const accounts = held.map((account) => ({ ...account, owner_id: job.job_id }));
  defer(op, insertAccounts(op.trx, accounts));
  readSalt(op, job.job_id);
  const transfers = await holdStakes(op, job, actorId);
  const funded = transition(op, job, 'fund', {
    escrow_id: op.ids.next(),
    escrow_status: 'held',
    funded_at: op.now,
    delivery_deadline: new Date(job.delivery_deadline.getTime() + op.now.getTime() - job.agreed_at.getTime()),
  });
  const both = heldOpening(funded, transfers);
  recordLeaf(op, 'escrow_held', { jobId, subject: jobId, fields: {}, openings: { both } });
  emitJobEvent(op, funded, 'job.funded', { client_agent_id: funded.client_agent_id });
  return funded;
}

/** What the seller has is for the seller alone to know. */
async function holdStakes(op: Op, job: JobRow, actorId: string): Promise<OpenTransfer[]> {
  try {
    return await postTransfers(op, hold(stakeOf(job)));
  } catch (error) {
    if (!(error instanceof InsufficientFunds) || error.ownerId === actorId) throw error;
    const detail = `The seller cannot put up its bond of ${formatCents(job.seller_abort_penalty)} now.`;
    throw new RegistryError('insufficient_funds', detail);
  }
}
