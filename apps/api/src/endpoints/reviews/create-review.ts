import { createReview as create } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { Answer, changing } from '../../endpoint.ts';
import { presentReview } from '../../present/review.ts';

export const createReview = changing({
  contract: contracts.createReview,
  async run(op, { params, body, caller }) {
    const review = await create(op, {
      jobId: params.job_id,
      actorId: caller.agentId,
      rating: body.rating,
      tags: body.tags,
      comment: body.comment ?? null,
    });
    return new Answer(presentReview(review), { headers: { Location: `/v1/jobs/${review.job_id}/reviews` } });
  },
});
