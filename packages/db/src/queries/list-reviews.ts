import { type Insertable, sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { ReviewRow, ReviewsTable } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, paged } from './keyset.ts';

/** Reviews that tags are counted in: an agent's latest. */
const TAGGED_REVIEWS_MAX = 1_000;

function received(db: Db, agentId: string, role: ReviewRow['role'] | null) {
  return db
    .selectFrom('reviews')
    .where('reviewee_agent_id', '=', agentId)
    .$if(role !== null, (query) => query.where('role', '=', role!));
}

/** Reviews an agent received, newest first. */
export function listReviewsReceived(
  db: Db,
  agentId: string,
  role: ReviewRow['role'] | null,
  page: KeysetPage,
): Promise<ReviewRow[]> {
  return received(db, agentId, role)
    .selectAll()
    .$call(paged('desc', 'created_at', 'review_id', page))
    .execute();
}

export function countReviewsReceived(
  db: Db,
  agentId: string,
  role: ReviewRow['role'] | null,
  limit: number,
): Promise<number> {
  return countTo(db, limit, received(db, agentId, role).select('review_id'));
}

/** A job's reviews, oldest first: two at most. */
export function listReviewsOfJob(db: Db, jobId: string, page: KeysetPage): Promise<ReviewRow[]> {
  return db
    .selectFrom('reviews')
    .selectAll()
    .where('job_id', '=', jobId)
    .$call(paged('asc', 'created_at', 'review_id', page))
    .execute();
}

/** The tags an agent's latest reviews gave it most often. */
export async function listTopTags(
  db: Db,
  agentId: string,
  limit: number,
): Promise<{ tag: string; count: number }[]> {
  const { rows } = await sql<{ tag: string; count: bigint }>`
    SELECT tag, count(*) AS count
    FROM (SELECT review_id, tags FROM reviews WHERE reviewee_agent_id = ${agentId}
          ORDER BY created_at DESC, review_id DESC LIMIT ${TAGGED_REVIEWS_MAX}) AS latest
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(tags) AS tag) AS given
    GROUP BY tag ORDER BY count(*) DESC, tag LIMIT ${limit}`.execute(db);
  return rows.map(({ tag, count }) => ({ tag, count: Number(count) }));
}

/** Undefined, and nothing written, where the reviewer has reviewed the job. */
export function insertReview(trx: Tx, review: Insertable<ReviewsTable>): Promise<ReviewRow | undefined> {
  return trx
    .insertInto('reviews')
    .values(review)
    .onConflict((conflict) => conflict.columns(['job_id', 'reviewer_agent_id']).doNothing())
    .returningAll()
    .executeTakeFirst();
}
