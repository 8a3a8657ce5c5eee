import { type Db, findJob, listReviewsOfJob } from '@agent-registry/db';
import { roleOf } from '@agent-registry/domain';
import { contracts, RegistryError } from '@agent-registry/schemas';
import { Answer, reading } from '../../endpoint.ts';
import { keysetPage, linkToNext } from '../../page.ts';
import { presentReview } from '../../present/review.ts';

export const listJobReviews = reading({
  contract: contracts.listJobReviews,
  async read(context, { params, query, path, caller }) {
    const job = await findJob(context.db, params.job_id);
    const page = await keysetPage({
      name: 'job-reviews',
      request: query,
      rows: (wanted) => listReviewsOfJob(context.db, params.job_id, wanted),
      count: null,
      position: (review) => ({ at: review.created_at, id: review.review_id }),
      present: (reviews) => reviews.map(presentReview),
    });
    // Reviews are public, the job is not: until it has one, it is there for its parties alone.
    const isParty = job !== undefined && caller !== null && roleOf(job, caller.agentId) !== null;
    if (page.items.length === 0 && !isParty && !(await hasReviews(context.db, params.job_id))) {
      throw new RegistryError('not_found', 'There is no such job.');
    }
    const link = linkToNext(context.config.publicBaseUrl, path, { limit: page.limit }, page.next_cursor);
    return new Answer(page.items, { headers: link });
  },
});

async function hasReviews(db: Db, jobId: string): Promise<boolean> {
  return (await listReviewsOfJob(db, jobId, { limit: 1, offset: 0, after: null })).length > 0;
}
