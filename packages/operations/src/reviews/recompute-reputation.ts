import {
  countReviewsReceived,
  type Db,
  findNewestReviewTime,
  listRatings,
  listUnweighedReviews,
  lockAgent,
  type ReviewRow,
  type SettlementRow,
  type UnweighedReview,
  updateAgentRow,
  updateReviewWeights,
} from '@agent-registry/db';
import {
  COUNTED_REVIEWS_MAX,
  type ReviewWeight,
  reputationFormula,
  type Standing,
  standingOf,
  weighReview,
} from '@agent-registry/domain';
import type { ReputationPolicy } from '@agent-registry/schemas';
import { syncListings } from '../agents/update-agent.ts';
import { factsOf } from '../jobs/settle-job.ts';
import { defer, notFound, type Op } from '../op.ts';

type Role = ReviewRow['role'];

/** Computes an agent's two standings anew from its reviews, and when time alone will change them. */
export async function recomputeReputation(op: Op, agentId: string): Promise<void> {
  const agent = await lockAgent(op.trx, agentId);
  if (agent === undefined) throw notFound('agent');
  const [newest, unweighed, ofSeller, ofClient] = await Promise.all([
    findNewestReviewTime(op.trx, agentId),
    listUnweighedReviews(op.trx, agentId, COUNTED_REVIEWS_MAX),
    countReviewsReceived(op.trx, agentId, 'client_reviewing_seller', COUNTED_REVIEWS_MAX),
    countReviewsReceived(op.trx, agentId, 'seller_reviewing_client', COUNTED_REVIEWS_MAX),
  ]);
  weigh(op, unweighed);
  // Reviews and settlements of operations that began later, or by a clock that is ahead, may be written already.
  const known = [newest, ...unweighed.map(({ settled_at }) => settled_at)].filter((at) => at instanceof Date);
  const asOf = known.reduce((latest, at) => (at > latest ? at : latest), op.now);
  const policy = op.rules.reputation;
  const [seller, client] = await Promise.all([
    findStanding(op.trx, { agentId, role: 'client_reviewing_seller', asOf, policy }),
    findStanding(op.trx, { agentId, role: 'seller_reviewing_client', asOf, policy }),
  ]);
  const updated = await updateAgentRow(op.trx, agentId, {
    reputation_seller: seller.score,
    reputation_client: client.score,
    reviews_as_seller: ofSeller,
    reviews_as_client: ofClient,
    attack_cost_seller: seller.attackCost,
    attack_cost_client: client.attackCost,
    counterparties: new Set([...seller.counterparties, ...client.counterparties]).size,
    reputation_as_of: asOf,
    scored_as_of: asOf,
    scored_by: reputationFormula(policy),
    reputation_due_at: earliest([seller.changesAt, client.changesAt]),
  });
  if (updated.reputation_seller !== agent.reputation_seller) await syncListings(op, updated);
}

/** What a review weighs by how its job was settled; null where it is not settled yet. */
export function weightOf(job: SettlementRow, role: Role, rating: number): ReviewWeight | null {
  if (job.settled_at === null) return null;
  const reviewee = role === 'client_reviewing_seller' ? 'seller' : 'client';
  return weighReview(factsOf(job), reviewee, rating);
}

function weigh(op: Op, unweighed: readonly UnweighedReview[]): void {
  const weights = unweighed.flatMap((review) => {
    const weight = weightOf(review, review.role, review.rating);
    return weight === null
      ? []
      : [{ review_id: review.review_id, weighs: weight.weighs, is_blamed: weight.isBlamed }];
  });
  if (weights.length > 0) defer(op, updateReviewWeights(op.trx, weights));
}

function earliest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((at) => at !== null).map((at) => at.getTime());
  return known.length === 0 ? null : new Date(Math.min(...known));
}

/** An agent's standing in one role as of a time, from its reviews alone: what is stored, and what anybody can check it by. */
export async function findStanding(
  db: Db,
  input: { agentId: string; role: Role; asOf: Date; policy: ReputationPolicy },
): Promise<Standing> {
  const { agentId, role, asOf, policy } = input;
  const byFees = policy.fullFees > 0n;
  const reviews = await listRatings(db, { agentId, role, until: asOf, byFees }, COUNTED_REVIEWS_MAX);
  const weighed = reviews.map((review) => ({
    reviewId: review.review_id,
    reviewerId: review.reviewer_agent_id,
    rating: review.rating,
    createdAt: review.created_at,
    weighs: review.weighs ?? 0n,
    isBlamed: review.is_blamed,
  }));
  return standingOf(weighed, asOf, policy);
}
