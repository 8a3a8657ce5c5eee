import { insertReview, type JobRow, lockAgent, type ReviewRow } from '@agent-registry/db';
import { REVIEWABLE_STATUSES, roleOf } from '@agent-registry/domain';
import { RegistryError } from '@agent-registry/schemas';
import { lockJob } from '../jobs/lock-job.ts';
import { reviewFields, reviewOpening } from '../log/openings.ts';
import { readSalt, recordLeaf } from '../log/record-leaf.ts';
import { notFound, type Op } from '../op.ts';
import { recomputeReputation, weightOf } from './recompute-reputation.ts';

/** A party reviews the other, once. @throws RegistryError not_found, invalid_state, duplicate_review. */
export async function createReview(
  op: Op,
  input: { jobId: string; actorId: string; rating: number; tags: readonly string[]; comment: string | null },
): Promise<ReviewRow> {
  const job = await lockJob(op, input.jobId);
  const role = job === undefined ? null : roleOf(job, input.actorId);
  if (job === undefined || role === null) throw notFound('job');
  assertReviewable(job);
  const reviewee = role === 'client' ? job.seller_agent_id : job.client_agent_id;
  readSalt(op, job.job_id);
  // Before the review refers to it, which is a lock on it as well.
  await lockAgent(op.trx, reviewee);
  const reviewRole = role === 'client' ? 'client_reviewing_seller' : 'seller_reviewing_client';
  const weight = weightOf(job, reviewRole, input.rating);
  const review = await insertReview(op.trx, {
    review_id: op.ids.next(),
    job_id: job.job_id,
    reviewer_agent_id: input.actorId,
    reviewee_agent_id: reviewee,
    role: reviewRole,
    rating: input.rating,
    tags: [...input.tags],
    comment: input.comment,
    weighs: weight?.weighs ?? null,
    is_blamed: weight?.isBlamed ?? false,
    created_at: op.now,
  });
  if (review === undefined) throw new RegistryError('duplicate_review', 'You have reviewed this job.');
  const [fields, openings] = [reviewFields(review), { both: reviewOpening(review) }];
  recordLeaf(op, 'review', { jobId: job.job_id, subject: review.review_id, fields, openings });
  await recomputeReputation(op, reviewee);
  return review;
}

function assertReviewable(job: JobRow): void {
  if (!REVIEWABLE_STATUSES.includes(job.status) || job.funded_at === null) {
    throw new RegistryError(
      'invalid_state',
      `A job that is ${job.status} cannot be reviewed: it must be completed, failed or resolved.`,
    );
  }
}
