import { type JobRow, listNegotiationEntries, type SettlementRow } from '@agent-registry/db';
import {
  type SettlementFacts,
  type Stake,
  settlementFacts,
  settlementOf,
  sharesOf,
  split,
} from '@agent-registry/domain';
import type { LeafFields } from '@agent-registry/log';
import { type EscrowStatus, formatCents, type JobOutcome, type ResolvedBy } from '@agent-registry/schemas';
import { type OpenTransfer, settlementOpenings } from '../log/openings.ts';
import { readSalt, recordLeaf } from '../log/record-leaf.ts';
import { postTransfers } from '../money/post-transfers.ts';
import { defer, invariant, type Op } from '../op.ts';

/** What a funded job holds. */
export function stakeOf(job: JobRow): Stake {
  invariant(job.fee_rate_ppm !== null, 'an agreed job has a fee rate');
  return {
    jobId: job.job_id,
    clientId: job.client_agent_id,
    sellerId: job.seller_agent_id,
    price: job.price,
    bond: job.seller_abort_penalty,
    clientAbortPenalty: job.client_abort_penalty,
    feeRatePpm: job.fee_rate_ppm,
    feeRule: job.fee_rule,
  };
}

/** What everybody may know of how a job was settled, from its row as the settlement left it. */
export function factsOf(job: SettlementRow): SettlementFacts {
  invariant(job.outcome !== null && job.seller_share !== null, 'a settled job has an outcome and shares');
  invariant(job.fee_rate_ppm !== null, 'an agreed job has a fee rate');
  return settlementFacts({
    outcome: job.outcome,
    price: job.price,
    bond: job.seller_abort_penalty,
    feeRatePpm: job.fee_rate_ppm,
    feeRule: job.fee_rule,
    sellerShare: job.seller_share,
    hasFailed: job.failed_at !== null,
    wasDisputed: job.disputed_at !== null,
    resolvedBy: job.resolved_by === 'agreement' ? 'parties' : 'operator',
  });
}

/** The same as the log has it. */
export function settlementFields(job: JobRow): Omit<LeafFields['settlement'], 'commit' | 'commit_seller'> {
  const { feeFloor, stakeFloor, fault } = factsOf(job);
  return {
    job: job.job_id,
    fee_floor: formatCents(feeFloor),
    stake_floor: formatCents(stakeFloor),
    fault,
  };
}

export interface Settled {
  readonly escrow_status: EscrowStatus;
  readonly settled_at: Date;
  readonly client_share: bigint;
  readonly seller_share: bigint;
}

/**
 * Empties a job's escrow and bond by the rule of its outcome. The transfers' references are unique to the job, so no job is
 * ever paid twice. Returns the columns to write with the job's new state.
 */
export async function settleByRule(op: Op, job: JobRow, outcome: JobOutcome): Promise<Settled> {
  const stake = stakeOf(job);
  const { transfers, escrow } = settlementOf(outcome, stake);
  readSalt(op, job.job_id);
  const posted = await postTransfers(op, transfers);
  const shares = sharesOf(transfers, stake);
  const settled = {
    escrow_status: escrow,
    settled_at: op.now,
    client_share: shares.client,
    seller_share: shares.seller,
  };
  logSettlement(op, { ...job, ...settled, outcome }, posted);
  return settled;
}

/** Empties a job's escrow and bond by a split that an operator or the parties decided. @throws RangeError when the shares are not what is held. */
export async function settleBySplit(
  op: Op,
  job: JobRow,
  { clientShare, sellerShare, by }: { clientShare: bigint; sellerShare: bigint; by: ResolvedBy },
): Promise<Settled> {
  readSalt(op, job.job_id);
  const negotiation = listNegotiationEntries(op.trx, [job.job_id]);
  defer(op, negotiation);
  const posted = await postTransfers(op, split(stakeOf(job), clientShare, sellerShare));
  const settled = {
    escrow_status: 'split',
    settled_at: op.now,
    client_share: clientShare,
    seller_share: sellerShare,
  } as const;
  logSettlement(op, { ...job, ...settled, outcome: 'resolved', resolved_by: by }, posted, await negotiation);
  return settled;
}

function logSettlement(
  op: Op,
  settled: JobRow,
  transfers: readonly OpenTransfer[],
  negotiation: Parameters<typeof settlementOpenings>[2] = [],
): void {
  const { job_id: jobId } = settled;
  const openings = settlementOpenings(settled, transfers, negotiation);
  recordLeaf(op, 'settlement', { jobId, subject: jobId, fields: settlementFields(settled), openings });
}
