import { type RawBuilder, sql } from 'kysely';
import { listTiers, type RankRange } from './cells.ts';

export interface RankFilter extends RankRange {
  /** A skill in its folded form. */
  readonly skillKey?: string | undefined;
  readonly after?:
    | {
        readonly tier: number;
        readonly reputation: number;
        readonly price: bigint;
        readonly listingId: string;
      }
    | undefined;
}

const HIGHEST = 500;
const RANK: RawBuilder<unknown> = sql`listing_id, seller_reputation, base_price`;

/**
 * The best `limit` listings of a range, as (listing_id, seller_reputation, base_price, tier), from the index on that order alone;
 * with further `columns`, from the listings too. Everybody's first three come before anybody's fourth; of one skill a seller has
 * one listing, so all of those are in tier 0.
 * It goes from one reputation to the next, of which there are 501, and within each reads prices upwards: so neither a low
 * price nor a place far down the list costs a walk past the listings before it.
 */
export function selectInRankOrder(filter: RankFilter, limit: number, columns = RANK): RawBuilder<unknown> {
  const parts =
    filter.skillKey === undefined
      ? listTiers(filter).flatMap(({ tier, range }) =>
          listParts(range, sql`tier = ${sql.lit(tier)}`, limit, sql`${columns}, ${sql.lit(tier)} AS tier`),
        )
      : listParts(filter, sql`skill_key = ${filter.skillKey}`, limit, sql`${columns}, 0 AS tier`);
  const ordered = parts.map((part) => sql`SELECT * FROM (${part}) AS part`);
  return sql`SELECT * FROM (${sql.join(ordered, sql` UNION ALL `)}) AS found LIMIT ${limit}`;
}

/** The listings of the reputation that a page begins in, and those of the reputations below. */
function listParts(
  { minRating = 0, maxPrice, after }: RankFilter,
  kind: RawBuilder<unknown>,
  limit: number,
  columns: RawBuilder<unknown>,
): RawBuilder<unknown>[] {
  const price = maxPrice === undefined ? sql`true` : sql`base_price <= ${maxPrice}`;
  const ofReputation = (reputation: RawBuilder<unknown>, place: RawBuilder<unknown>) => sql`
    SELECT ${columns} FROM listings
    WHERE discoverable AND seller_reputation = ${reputation} AND ${kind} AND ${price} AND ${place}
    ORDER BY base_price, listing_id LIMIT ${limit}`;
  const lowest = Math.ceil(minRating * 100 - 1e-9);
  const from = after === undefined ? HIGHEST : Math.round(after.reputation * 100) - 1;
  const below = sql`
    SELECT best.* FROM generate_series(${from}::integer, ${lowest}::integer, -1) AS hundredths
    CROSS JOIN LATERAL (${ofReputation(sql`(hundredths / 100.0)`, sql`true`)}) AS best LIMIT ${limit}`;
  if (after === undefined) return [below];
  const rest = sql`(base_price, listing_id) > (${after.price}::bigint, ${after.listingId}::uuid)`;
  return [ofReputation(sql`${after.reputation}::numeric`, rest), below];
}
