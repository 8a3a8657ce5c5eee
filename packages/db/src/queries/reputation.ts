import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { JobRow, ReviewRow } from '../tables/index.ts';

/** When the newest review that an agent received was written. */
export async function findNewestReviewTime(db: Db, agentId: string): Promise<Date | undefined> {
  const newest = await db
    .selectFrom('reviews')
    .select('created_at')
    .where('reviewee_agent_id', '=', agentId)
    .orderBy('created_at', 'desc')
    .orderBy('review_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.created_at;
}

type Rating = Pick<
  ReviewRow,
  'review_id' | 'reviewer_agent_id' | 'rating' | 'weighs' | 'is_blamed' | 'created_at'
>;

/**
 * The newest ratings that an agent received in one role until a time: what its standing is computed from.
 *
 * @param of `byFees` leaves out those that weigh nothing, so that they displace none that weigh.
 */
export function listRatings(
  db: Db,
  of: { agentId: string; role: ReviewRow['role']; until: Date; byFees: boolean },
  limit: number,
): Promise<Rating[]> {
  return db
    .selectFrom('reviews')
    .select(['review_id', 'reviewer_agent_id', 'rating', 'weighs', 'is_blamed', 'created_at'])
    .where('reviewee_agent_id', '=', of.agentId)
    .where('role', '=', of.role)
    .where('created_at', '<=', of.until)
    .$if(of.byFees, (query) => query.where('weighs', '>', sql.lit(0n)))
    .orderBy('created_at', 'desc')
    .orderBy('review_id', 'desc')
    .limit(limit)
    .execute();
}

const SETTLEMENT = [
  'outcome',
  'price',
  'seller_abort_penalty',
  'seller_share',
  'fee_rate_ppm',
  'fee_rule',
  'failed_at',
  'disputed_at',
  'resolved_by',
  'settled_at',
] as const;

/** What tells how a job was settled. */
export type SettlementRow = Pick<JobRow, (typeof SETTLEMENT)[number]>;
export type UnweighedReview = Pick<ReviewRow, 'review_id' | 'role' | 'rating'> & SettlementRow;

/** Reviews of an agent whose job has been settled since they were last looked at, each with how that was. */
export function listUnweighedReviews(trx: Tx, agentId: string, limit: number): Promise<UnweighedReview[]> {
  return trx
    .selectFrom('reviews')
    .innerJoin('jobs', 'jobs.job_id', 'reviews.job_id')
    .select(['reviews.review_id', 'reviews.role', 'reviews.rating'])
    .select(SETTLEMENT.map((column) => `jobs.${column}` as const))
    .where('reviewee_agent_id', '=', agentId)
    .where('weighs', 'is', null)
    .where('jobs.settled_at', 'is not', null)
    .limit(limit)
    .execute();
}

export type ReviewWeightRow = Pick<ReviewRow, 'review_id' | 'weighs' | 'is_blamed'>;

export async function updateReviewWeights(trx: Tx, weights: readonly ReviewWeightRow[]): Promise<void> {
  const ids = weights.map((row) => row.review_id);
  await sql`
    UPDATE reviews SET weighs = weight.weighs, is_blamed = weight.is_blamed
    FROM unnest(${ids}::uuid[], ${weights.map((row) => row.weighs)}::bigint[], ${weights.map((row) => row.is_blamed)}::boolean[])
      AS weight (review_id, weighs, is_blamed)
    WHERE reviews.review_id = weight.review_id`.execute(trx);
}

/**
 * Agents whose standing is to be computed anew: it changes by time alone, and is due; or it is another formula's, or older code's;
 * or a job that they were reviewed for has been settled since.
 */
export async function listDueReputations(
  db: Db,
  { now, formula }: { now: Date; formula: string },
  limit: number,
): Promise<string[]> {
  const scoredBy = sql`CASE WHEN scored_as_of = reputation_as_of THEN scored_by ELSE '' END COLLATE "C"`;
  const reviewed = sql`reviews_as_seller + reviews_as_client > 0`;
  const { rows } = await sql<{ agent_id: string }>`
    SELECT DISTINCT agent_id FROM (
      (SELECT agent_id FROM agents WHERE reputation_due_at <= ${now} ORDER BY reputation_due_at LIMIT ${limit})
      UNION ALL
      (SELECT reviewee_agent_id FROM reviews WHERE weighs IS NULL AND settled_at IS NOT NULL ORDER BY settled_at LIMIT ${limit})
      UNION ALL
      (SELECT agent_id FROM agents WHERE ${reviewed} AND ${scoredBy} < ${formula} ORDER BY ${scoredBy} LIMIT ${limit})
      UNION ALL
      (SELECT agent_id FROM agents WHERE ${reviewed} AND ${scoredBy} > ${formula} ORDER BY ${scoredBy} LIMIT ${limit})
    ) AS due LIMIT ${limit}`.execute(db);
  return rows.map((row) => row.agent_id);
}
