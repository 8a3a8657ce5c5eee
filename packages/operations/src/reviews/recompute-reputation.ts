import {
  type Db,
  findNewestReviewTime,
  listRatings,
  lockAgent,
  type ReviewRow,
  updateAgentRow,
} from '@agent-registry/db';
import { type Standing, standingOf } from '@agent-registry/domain';
import { syncListings } from '../agents/update-agent.ts';
import { notFound, type Op } from '../op.ts';

/** Reviews read to recompute one standing: the newest, of which the oldest weigh least. */
export const REVIEWS_READ_MAX = 10_000;

/** Computes an agent's two standings anew from its reviews, and when time alone will change them. */
export async function recomputeReputation(op: Op, agentId: string): Promise<void> {
  const agent = await lockAgent(op.trx, agentId);
  if (agent === undefined) throw notFound('agent');
  const asOf = await notBeforeNewest(op, agentId);
  const seller = await findStanding(op.trx, { agentId, role: 'client_reviewing_seller', asOf });
  const client = await findStanding(op.trx, { agentId, role: 'seller_reviewing_client', asOf });
  const changes = [seller.standing.changesAt, client.standing.changesAt].filter((at) => at !== null);
  const updated = await updateAgentRow(op.trx, agentId, {
    reputation_seller: seller.standing.score,
    reputation_client: client.standing.score,
    reviews_as_seller: seller.total,
    reviews_as_client: client.total,
    reputation_as_of: asOf,
    reputation_due_at: changes.length === 0 ? null : new Date(Math.min(...changes.map((at) => at.getTime()))),
  });
  if (updated.reputation_seller !== agent.reputation_seller) await syncListings(op, updated);
}

/** Now, or the moment of the newest review: one that began later, or by a clock that is ahead, may be written already. */
async function notBeforeNewest(op: Op, agentId: string): Promise<Date> {
  const newest = await findNewestReviewTime(op.trx, agentId);
  return newest !== undefined && newest > op.now ? newest : op.now;
}

/** An agent's standing in one role as of a time, from its reviews alone: what is stored, and what anybody can check it by. */
export async function findStanding(
  db: Db,
  input: { agentId: string; role: ReviewRow['role']; asOf: Date },
): Promise<{ standing: Standing; total: number }> {
  const { agentId, role, asOf } = input;
  const reviews = await listRatings(db, { agentId, role, until: asOf }, REVIEWS_READ_MAX);
  const rated = reviews.map((review) => ({
    reviewId: review.review_id,
    reviewerId: review.reviewer_agent_id,
    rating: review.rating,
    createdAt: review.created_at,
  }));
  return { standing: standingOf(rated, asOf), total: reviews.length };
}
