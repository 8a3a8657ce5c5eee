import { type RawBuilder, sql } from 'kysely';

/** Sellers whose own listings are searched: those that were seen most recently. */
export const ONLINE_SELLERS_MAX = 500;
/** Listings of theirs that are looked at, shared out evenly: all of them where few sellers are online, else three of each. */
const ONLINE_LISTINGS_MAX = 1_500;

const SEEN_AT = sql`greatest(last_seen, endpoint_answered_at)`;

export interface OnlineFilter {
  readonly onlineSince: Date;
  readonly skillKey?: string | undefined;
  /** Cents. */
  readonly maxPrice?: bigint | undefined;
}

/**
 * Listings whose seller is online, as (listing_id, seller_agent_id, seller_reputation, base_price, relevance). They come from two
 * sides, so that the work is bounded and yet neither is missed: those among the best of all sellers, online or not, and the best
 * of each seller who is online, who may be new and rank low.
 *
 * @param ranked the best of all sellers, with the columns `seller_agent_id` and those that `relevance` reads.
 * @param matching what a listing must have apart from its skill and price.
 */
export function selectOnline(
  { onlineSince, skillKey, maxPrice }: OnlineFilter,
  ranked: RawBuilder<unknown>,
  matching: RawBuilder<unknown>,
  relevance: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const online = sql`is_seller AND status = 'active' AND ${SEEN_AT} > ${onlineSince}`;
  const price = maxPrice === undefined ? sql`true` : sql`base_price <= ${maxPrice}`;
  // A seller has one listing of a skill, which an index finds; of the others the best few are looked at before words are compared.
  const own =
    skillKey === undefined
      ? sql`${price} ORDER BY base_price, listing_id
          LIMIT (SELECT ${sql.lit(ONLINE_LISTINGS_MAX)} / greatest(count(*), 1) FROM seen)`
      : sql`skill_key = ${skillKey} AND ${price}`;
  const columns = sql`listing_id, seller_agent_id, seller_reputation, base_price, ${relevance} AS relevance`;
  return sql`
    WITH seen AS MATERIALIZED (
      SELECT agent_id FROM agents WHERE ${online} ORDER BY ${SEEN_AT} DESC LIMIT ${sql.lit(ONLINE_SELLERS_MAX)})
    SELECT ${columns} FROM (${ranked}) AS best
    WHERE (SELECT ${online} FROM agents WHERE agent_id = best.seller_agent_id)
    UNION
    SELECT ${columns} FROM seen CROSS JOIN LATERAL (
      SELECT * FROM listings WHERE discoverable AND seller_agent_id = seen.agent_id AND ${own}
    ) AS own WHERE ${matching}`;
}
