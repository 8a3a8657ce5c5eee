import { type RawBuilder, sql } from 'kysely';
import type { RankRange } from './cells.ts';

export interface RankFilter extends RankRange {
  readonly skillId?: string | undefined;
  readonly after?:
    | { readonly reputation: number; readonly price: bigint; readonly listingId: string }
    | undefined;
}

const HIGHEST = 500;
const RANK: RawBuilder<unknown> = sql`listing_id, seller_reputation, base_price`;

/**
 * The best `limit` listings of a range, as (listing_id, seller_reputation, base_price), from the index on that order alone;
 * with further `columns`, from the listings too.
 * It goes from one reputation to the next, of which there are 501, and within each reads prices upwards: so neither a low
 * price nor a place far down the list costs a walk past the listings before it.
 */
export function selectInRankOrder(filter: RankFilter, limit: number, columns = RANK): RawBuilder<unknown> {
  const { minRating = 0, after } = filter;
  const lowest = Math.ceil(minRating * 100 - 1e-9);
  const from = after === undefined ? HIGHEST : Math.round(after.reputation * 100) - 1;
  const below = sql`
    SELECT best.* FROM generate_series(${from}::integer, ${lowest}::integer, -1) AS hundredths
    CROSS JOIN LATERAL (${selectOfReputation(sql`(hundredths / 100.0)`, filter, sql`true`, limit, columns)}) AS best LIMIT ${limit}`;
  if (after === undefined) return below;
  const rest = sql`(base_price, listing_id) > (${after.price}::bigint, ${after.listingId}::uuid)`;
  const same = selectOfReputation(sql`${after.reputation}::numeric`, filter, rest, limit, columns);
  return sql`SELECT * FROM (SELECT * FROM (${same}) AS same UNION ALL SELECT * FROM (${below}) AS below) AS found LIMIT ${limit}`;
}

function selectOfReputation(
  reputation: RawBuilder<unknown>,
  { skillId, maxPrice }: RankFilter,
  place: RawBuilder<unknown>,
  limit: number,
  columns: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const skill = skillId === undefined ? sql`true` : sql`skill_id = ${skillId}`;
  const price = maxPrice === undefined ? sql`true` : sql`base_price <= ${maxPrice}`;
  return sql`
    SELECT ${columns} FROM listings
    WHERE discoverable AND seller_reputation = ${reputation} AND ${skill} AND ${price} AND ${place}
    ORDER BY base_price, listing_id LIMIT ${limit}`;
}
