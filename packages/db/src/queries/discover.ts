import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../create-db.ts';
import { capabilityTerm, listCellRuns, selectBest, skillTerm } from '../search/cells.ts';
import { selectInRankOrder } from '../search/rank-order.ts';
import { findSearchTerms, writeQuery } from '../search/read-words.ts';
import type { ListingRow } from '../tables/index.ts';

/** Matches of a word that are ranked: all of them where they are fewer, else the best by reputation and price. */
export const CANDIDATES_MAX = 1_000;

export interface DiscoverFilter {
  readonly q?: string | undefined;
  readonly skillId?: string | undefined;
  readonly capability?: string | undefined;
  /** 0–5. */
  readonly minRating?: number | undefined;
  /** Cents. */
  readonly maxPrice?: bigint | undefined;
}

/** The place after which a page begins: the sort key of the last row of the page before. */
export interface DiscoverCursor {
  readonly relevance: number;
  readonly reputation: number;
  readonly price: bigint;
  readonly listingId: string;
}

export type DiscoverRow = Pick<
  ListingRow,
  | 'listing_id'
  | 'seller_agent_id'
  | 'seller_display_name'
  | 'seller_reputation'
  | 'skill_id'
  | 'description'
  | 'base_price'
  | 'sla'
> & {
  /** 0–1, four places: how well the words match; 1 where none were asked for. */
  relevance: number;
  /** Whether the seller has a score at all: the least there is, of three reviews with one star, is 0.15. */
  rated: boolean;
};

export interface DiscoverPage {
  readonly rows: readonly DiscoverRow[];
  /** Counted to 1,000 at most. */
  readonly total: number;
}

/**
 * One page of discovery, by relevance, then reputation, then price. A word that many listings have is searched among the
 * best 1,000 of them, so the work is bounded however common it is; a word that nobody uses is read as its nearest spellings.
 */
export async function discoverListings(
  db: Db,
  filter: DiscoverFilter,
  page: DiscoverPlace,
): Promise<DiscoverPage> {
  if (filter.q !== undefined) {
    const terms = await findSearchTerms(db, filter.q);
    if (terms === null) return { rows: [], total: 0 };
    const best = selectBest(
      [...terms, ...filterTerms(filter)],
      listCellRuns(filter),
      narrowing(filter),
      CANDIDATES_MAX,
    );
    return readPage(db, page, {
      counted: sql`SELECT listing_id, seller_reputation, base_price,
        round(ts_rank(search, ${writeQuery(terms)}::tsquery, ${RANK_OVER_ITSELF_PLUS_ONE})::numeric, 4) AS relevance FROM (${best}) AS best`,
      page: sql`SELECT * FROM counted WHERE ${pastRelevance(page.after)}
        ORDER BY relevance DESC, seller_reputation DESC, base_price, listing_id LIMIT ${page.limit} OFFSET ${page.offset}`,
    });
  }
  const last = page.offset + page.limit;
  const select = filter.capability === undefined ? selectInRankOrder : selectCapable;
  return readPage(db, page, {
    counted: select(filter, CANDIDATES_MAX),
    page: sql`SELECT *, 1 AS relevance FROM (${select({ ...filter, after: page.after }, last)}) AS best
      ORDER BY seller_reputation DESC, base_price, listing_id LIMIT ${page.limit} OFFSET ${page.offset}`,
  });
}

/** Which page: an offset counts from the list's start, or from `after`, the last row of the page before. */
interface DiscoverPlace {
  readonly limit: number;
  readonly offset: number;
  readonly after?: DiscoverCursor | undefined;
}

/** ts_rank's normalisation that maps ranks to 0–1. */
const RANK_OVER_ITSELF_PLUS_ONE = 32;

function filterTerms({ capability, skillId }: DiscoverFilter) {
  return [
    ...(capability === undefined ? [] : [capabilityTerm(capability)]),
    ...(skillId === undefined ? [] : [skillTerm(skillId)]),
  ];
}

/** What cells leave open: they are wider than a rating or a price. */
function narrowing({ minRating, maxPrice }: DiscoverFilter): RawBuilder<unknown> {
  const rating = minRating === undefined ? sql`true` : sql`seller_reputation >= ${minRating}::numeric`;
  const price = maxPrice === undefined ? sql`true` : sql`base_price <= ${maxPrice}`;
  return sql`${rating} AND ${price}`;
}

function selectCapable(
  filter: DiscoverFilter & { after?: DiscoverCursor | undefined },
  limit: number,
): RawBuilder<unknown> {
  const { after } = filter;
  // A row comparison cannot say "descending, then ascending".
  const past =
    after === undefined
      ? sql`true`
      : sql`(-seller_reputation, base_price, listing_id) > (${-after.reputation}::numeric, ${after.price}::bigint, ${after.listingId}::uuid)`;
  return selectBest(filterTerms(filter), listCellRuns(filter), sql`${narrowing(filter)} AND ${past}`, limit);
}

function pastRelevance(after: DiscoverCursor | undefined): RawBuilder<unknown> {
  if (after === undefined) return sql`true`;
  return sql`(-relevance, -seller_reputation, base_price, listing_id) >
    (${-after.relevance}::numeric, ${-after.reputation}::numeric, ${after.price}::bigint, ${after.listingId}::uuid)`;
}

/** Counts one selection, and reads the listings of another, which may be made from the first: one round trip. */
async function readPage(
  db: Db,
  { limit }: DiscoverPlace,
  { counted, page }: { counted: RawBuilder<unknown>; page: RawBuilder<unknown> },
): Promise<DiscoverPage> {
  const { rows } = await sql<DiscoverRow & { total: number }>`
    WITH counted AS MATERIALIZED (${counted}), page AS MATERIALIZED (${page})
    SELECT listing.*, whole.total FROM (SELECT count(*)::integer AS total FROM counted) AS whole LEFT JOIN (
      SELECT listing_id, seller_agent_id, seller_display_name, listings.seller_reputation, skill_id, description,
        listings.base_price, sla, relevance::float8 AS relevance, listings.seller_reputation > 0 AS rated
      FROM page JOIN listings USING (listing_id)
      ORDER BY page.relevance DESC, page.seller_reputation DESC, page.base_price, listing_id LIMIT ${limit}
    ) AS listing ON true`.execute(db);
  // Where the page is empty there is one row, for the total.
  return { rows: rows.filter((row) => row.listing_id !== null), total: rows[0]?.total ?? 0 };
}
