import type { ReviewRow } from '@agent-registry/db';
import type { Review } from '@agent-registry/schemas';
import { time } from './time.ts';

export function presentReview(review: ReviewRow): Review {
  return {
    review_id: review.review_id,
    job_id: review.job_id,
    reviewer_agent_id: review.reviewer_agent_id,
    reviewee_agent_id: review.reviewee_agent_id,
    role: review.role,
    rating: review.rating,
    tags: review.tags,
    comment: review.comment,
    created_at: time(review.created_at),
  };
}
