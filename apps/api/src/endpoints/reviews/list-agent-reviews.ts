import { countReviewsReceived, listReviewsReceived } from '@agent-registry/db';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { presentReview } from '../../present/review.ts';
import { findPublicAgent } from '../agents/find-public-agent.ts';

export const listAgentReviews = reading({
  contract: contracts.listAgentReviews,
  async read(context, { params, query, caller }) {
    const { agent_id: agentId } = await findPublicAgent(context, params.agent_id, caller);
    const role = query.role ?? null;
    return keysetPage({
      name: 'reviews',
      request: query,
      rows: (page) => listReviewsReceived(context.db, agentId, role, page),
      count: (limit) => countReviewsReceived(context.db, agentId, role, limit),
      position: (review) => ({ at: review.created_at, id: review.review_id }),
      present: (reviews) => reviews.map(presentReview),
    });
  },
});
