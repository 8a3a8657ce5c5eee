import {
  countOpenProposals,
  findListing,
  insertJob,
  type ListingRow,
  lockAgentsForShare,
  lockProposals,
} from '@agent-registry/db';
import { FIRST_JOB_STATUS, NEGOTIABLE_STATUSES } from '@agent-registry/domain';
import { fieldRefusal, formatCents, RegistryError, type SuiteProof } from '@agent-registry/schemas';
import { readProof } from '../checks/suite-proof.ts';
import { emitJobEvent } from '../emit.ts';
import { defer, notFound, type Op } from '../op.ts';
import { appendNegotiation, type NegotiatedJob } from './append-negotiation.ts';
import { keepHiddenCases } from './hidden-cases.ts';

/** Proposals that a client may have open at once: in all, and to one seller. */
export const OPEN_PROPOSALS_MAX = 100;
export const OPEN_PROPOSALS_TO_SELLER_MAX = 20;

export interface Proposal {
  readonly clientId: string;
  readonly sellerId: string;
  readonly price: bigint;
  readonly clientAbortPenalty: bigint;
  readonly sellerAbortPenalty: bigint;
  readonly listingId: string | null;
  /** JSON as it was sent. */
  readonly requirements: string | null;
  readonly criteria: { readonly text: string; readonly hash: string; readonly legacyHash: string } | null;
  /** Cases of its program tests that the criteria only promise, already checked: JSON as it was sent. */
  readonly hiddenCases?: string | null;
  /** A proof of these criteria, which the seller is to see. */
  readonly suiteProofId?: string | null;
  readonly deadline: Date | null;
  readonly maxRounds: number;
}

/**
 * A client proposes a job to a seller. The criteria have been checked; they never change again.
 *
 * @throws RegistryError not_found (a seller who is not there or has left, a listing), validation_failed (the proof too),
 *   invalid_state (a party is suspended), too_many_proposals.
 */
export async function proposeJob(op: Op, proposal: Proposal): Promise<NegotiatedJob> {
  assertTerms(proposal.price, proposal.clientAbortPenalty, proposal.sellerAbortPenalty);
  assertDeadline(op, proposal.deadline);
  if (proposal.sellerId === proposal.clientId) throw fieldRefusal('seller_agent_id', 'must be another agent');
  const { clientId, sellerId, listingId } = proposal;
  const [, parties, open, listing] = await Promise.all([
    lockProposals(op.trx, clientId),
    lockAgentsForShare(op.trx, [clientId, sellerId]),
    countOpenProposals(op.trx, { clientId, sellerId }, NEGOTIABLE_STATUSES, OPEN_PROPOSALS_MAX),
    listingId === null ? undefined : findListing(op.trx, listingId),
  ]);
  const sellerStatus = parties.get(sellerId);
  if (sellerStatus === undefined || sellerStatus === 'deactivated') throw notFound('agent');
  if (sellerStatus !== 'active') {
    throw new RegistryError('invalid_state', 'The seller is not active.');
  }
  if (parties.get(clientId) !== 'active') {
    throw new RegistryError('invalid_state', 'The client is not active.');
  }
  if (listingId !== null) assertListing(listing, sellerId);
  assertFewOpen(open);
  const proof = await readProofOf(op, proposal);
  const row = rowOf(op, proposal);
  defer(op, insertJob(op.trx, { ...row, suite_proof: proof === null ? null : JSON.stringify(proof) }));
  const job = { ...NEW_JOB, ...row, suite_proof: proof, negotiation: [] };
  if (proposal.hiddenCases != null) keepHiddenCases(op, job.job_id, proposal.hiddenCases);
  const negotiated = appendNegotiation(op, job, { kind: 'proposal', by: proposal.clientId });
  op.outbox.jobs.set(job.job_id, job);
  emitJobEvent(op, job, 'job.proposed', { client_agent_id: job.client_agent_id });
  return negotiated;
}

/** @throws RegistryError too_many_proposals, naming the bound. */
function assertFewOpen(open: { all: number; toSeller: number }): void {
  const refuse = (bound: string): never => {
    const detail = `At most ${bound} may be open: cancel one, or wait for an answer.`;
    throw new RegistryError('too_many_proposals', detail);
  };
  if (open.all >= OPEN_PROPOSALS_MAX) refuse(`${OPEN_PROPOSALS_MAX} of your proposals`);
  if (open.toSeller >= OPEN_PROPOSALS_TO_SELLER_MAX)
    refuse(`${OPEN_PROPOSALS_TO_SELLER_MAX} of your proposals to one seller`);
}

/**
 * Checks the terms a proposal or a counter results in: each penalty between nothing and the price.
 *
 * @throws RegistryError validation_failed.
 */
export function assertTerms(price: bigint, clientAbortPenalty: bigint, sellerAbortPenalty: bigint): void {
  const message = `must not exceed the price of ${formatCents(price)}`;
  const errors = [
    ...(clientAbortPenalty > price ? [{ path: 'client_abort_penalty', message }] : []),
    ...(sellerAbortPenalty > price ? [{ path: 'seller_abort_penalty', message }] : []),
  ];
  if (errors.length > 0) {
    throw new RegistryError('validation_failed', 'The terms that would result are not acceptable.', {
      errors,
    });
  }
}

function assertDeadline(op: Op, deadline: Date | null): void {
  if (deadline === null) return;
  const ahead = deadline.getTime() - op.now.getTime();
  if (ahead <= 0) throw fieldRefusal('delivery_deadline', 'must be in the future');
  if (ahead > op.rules.deadlineMaxMs) {
    throw fieldRefusal('delivery_deadline', `must be within ${op.rules.deadlineMaxMs / 86_400_000} days`);
  }
}

function assertListing(listing: ListingRow | undefined, sellerId: string): void {
  if (listing === undefined || listing.status === 'archived') throw notFound('listing');
  if (listing.seller_agent_id !== sellerId)
    throw fieldRefusal('listing_id', 'must be a listing of the seller');
  if (listing.status !== 'active') throw new RegistryError('invalid_state', 'The listing is paused.');
}

async function readProofOf(
  op: Op,
  { suiteProofId, clientId, criteria }: Proposal,
): Promise<SuiteProof | null> {
  if (suiteProofId == null) return null;
  const criteriaHash = criteria?.hash ?? null;
  return readProof(op, { proofId: suiteProofId, agentId: clientId, criteriaHash });
}

/** What the table says of a job that was only proposed. */
const NEW_JOB = {
  fee_rate_ppm: null,
  fee_rule: 'half_even',
  deadline_warned_for: null,
  result: null,
  delivery_count: 0,
  outcome: null,
  outcome_reason: null,
  resolved_by: null,
  documents_bytes: null,
  escrow_id: null,
  escrow_status: null,
  client_share: null,
  seller_share: null,
  agreed_at: null,
  funded_at: null,
  started_at: null,
  delivered_at: null,
  failed_at: null,
  disputed_at: null,
  settled_at: null,
} as const;

function rowOf(op: Op, proposal: Proposal) {
  return {
    job_id: op.ids.next(),
    client_agent_id: proposal.clientId,
    seller_agent_id: proposal.sellerId,
    listing_id: proposal.listingId,
    status: FIRST_JOB_STATUS,
    requirements: proposal.requirements,
    acceptance_criteria: proposal.criteria?.text ?? null,
    acceptance_criteria_hash: proposal.criteria?.hash ?? null,
    acceptance_criteria_legacy_hash: proposal.criteria?.legacyHash ?? null,
    price: proposal.price,
    client_abort_penalty: proposal.clientAbortPenalty,
    seller_abort_penalty: proposal.sellerAbortPenalty,
    max_rounds: proposal.maxRounds,
    current_round: 0,
    last_offer_by: proposal.clientId,
    last_offer_at: op.now,
    delivery_deadline: proposal.deadline,
    verdict_fail_step_ms: op.rules.verdictFailStepMs,
    created_at: op.now,
    updated_at: op.now,
  };
}
