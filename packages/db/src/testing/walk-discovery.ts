import type { Db } from '../create-db.ts';
import {
  type DiscoverCursor,
  type DiscoverFilter,
  type DiscoverRow,
  discoverListings,
} from '../queries/discover.ts';

export const placeOf = (row: DiscoverRow): DiscoverCursor => ({
  tier: row.tier,
  relevance: row.relevance,
  reputation: row.seller_reputation,
  price: row.base_price,
  listingId: row.listing_id,
});

/** Every page by cursor, to the end; the total is what the last page says. */
export async function walkDiscovery(db: Db, filter: DiscoverFilter, limit: number) {
  const all: DiscoverRow[] = [];
  for (let after: DiscoverCursor | undefined; ; ) {
    const { rows, total } = await discoverListings(db, filter, { limit, offset: 0, after });
    all.push(...rows);
    const last = rows.at(-1);
    if (rows.length < limit || last === undefined) return { rows: all, total };
    after = placeOf(last);
  }
}
