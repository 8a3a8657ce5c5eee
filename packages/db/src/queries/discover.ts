import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type { ListingRow } from '../tables/index.ts';

/** Matches of a word that are ranked: all of them where they are fewer, else the best by reputation and price. */
export const CANDIDATES_MAX = 1_000;
/** Words of a search that count. */
export const SEARCH_WORDS_MAX = 8;
/** Known words that stand in for one that nobody uses. */
const SPELLINGS_MAX = 3;

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
  /** Whether the seller has a score at all, which the denormalised 0 does not say. */
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
  page: { limit: number; offset: number; after?: DiscoverCursor | undefined },
): Promise<DiscoverPage> {
  if (filter.q === undefined) return discoverRanked(db, filter, page);
  const query = await findSearchQuery(db, filter.q);
  return query === null ? { rows: [], total: 0 } : discoverMatching(db, filter, query, page);
}

type Page = Parameters<typeof discoverListings>[2];

const COLUMNS = sql`listing_id, seller_agent_id, seller_display_name, seller_reputation, skill_id, description, base_price, sla`;
const rated = sql`EXISTS (SELECT FROM agents WHERE agent_id = seller_agent_id AND reputation_seller IS NOT NULL) AS rated`;

function conditions(filter: DiscoverFilter): RawBuilder<unknown> {
  const parts = [
    sql`discoverable`,
    ...(filter.skillId === undefined ? [] : [sql`skill_id = ${filter.skillId}`]),
    ...(filter.capability === undefined
      ? []
      : [sql`seller_capabilities @> ARRAY[${filter.capability}]::text[]`]),
    ...(filter.minRating === undefined ? [] : [sql`seller_reputation >= ${filter.minRating}::numeric`]),
    ...(filter.maxPrice === undefined ? [] : [sql`base_price <= ${filter.maxPrice}`]),
  ];
  return sql.join(parts, sql` AND `);
}

async function discoverRanked(db: Db, filter: DiscoverFilter, page: Page): Promise<DiscoverPage> {
  const where = conditions(filter);
  // A row comparison cannot say "descending, then ascending": the range on reputation lets the index start at the place.
  const after =
    page.after === undefined
      ? sql``
      : sql`AND seller_reputation <= ${page.after.reputation}::numeric AND (seller_reputation < ${page.after.reputation}::numeric
          OR (base_price, listing_id) > (${page.after.price}::bigint, ${page.after.listingId}::uuid))`;
  const { rows } = await sql<DiscoverRow>`
    SELECT ${COLUMNS}, 1::float8 AS relevance, ${rated} FROM listings WHERE ${where} ${after}
    ORDER BY seller_reputation DESC, base_price, listing_id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(
    db,
  );
  const { rows: counted } = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM (SELECT FROM listings WHERE ${where}
      ORDER BY seller_reputation DESC, base_price, listing_id LIMIT ${CANDIDATES_MAX}) AS bounded`.execute(
    db,
  );
  return { rows, total: counted[0]?.total ?? 0 };
}

async function discoverMatching(
  db: Db,
  filter: DiscoverFilter,
  query: string,
  page: Page,
): Promise<DiscoverPage> {
  const after =
    page.after === undefined
      ? sql`true`
      : sql`(-relevance, -seller_reputation, base_price, listing_id) >
          (${-page.after.relevance}::numeric, ${-page.after.reputation}::numeric, ${page.after.price}::bigint, ${page.after.listingId}::uuid)`;
  const { rows } = await sql<DiscoverRow & { total: number }>`
    WITH candidates AS (
      SELECT ${COLUMNS}, round(ts_rank(search, ${query}::tsquery, 32)::numeric, 4) AS relevance FROM (
        SELECT ${COLUMNS}, search FROM listings WHERE ${conditions(filter)} AND search @@ ${query}::tsquery
        ORDER BY seller_reputation DESC, base_price, listing_id LIMIT ${CANDIDATES_MAX}) AS matching
    ), page AS (
      SELECT * FROM candidates WHERE ${after}
      ORDER BY relevance DESC, seller_reputation DESC, base_price, listing_id LIMIT ${page.limit} OFFSET ${page.offset}
    )
    SELECT ${COLUMNS}, relevance::float8 AS relevance, ${rated}, (SELECT count(*)::int FROM candidates) AS total FROM page
    ORDER BY page.relevance DESC, seller_reputation DESC, base_price, listing_id`.execute(db);
  if (rows.length > 0) return { rows, total: rows[0]?.total ?? 0 };
  const { rows: counted } = await sql<{ total: number }>`
    SELECT count(*)::int AS total FROM (SELECT FROM listings WHERE ${conditions(filter)} AND search @@ ${query}::tsquery
      ORDER BY seller_reputation DESC, base_price, listing_id LIMIT ${CANDIDATES_MAX}) AS bounded`.execute(
    db,
  );
  return { rows, total: counted[0]?.total ?? 0 };
}

/**
 * The full-text query of a search: every word in either of its forms (stemmed, as it is), or, for a word that no listing has,
 * its nearest spellings by trigram. Null when a word resembles none.
 */
async function findSearchQuery(db: Db, q: string): Promise<string | null> {
  const words = [...new Set(q.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].slice(0, SEARCH_WORDS_MAX);
  if (words.length === 0) return null;
  const { rows } = await sql<{ word: string; forms: string[]; known: boolean; near: string[] | null }>`
    SELECT asked.word, asked.forms, asked.known,
      CASE WHEN NOT asked.known THEN ARRAY(
        SELECT known.word FROM search_words AS known WHERE known.word % asked.word
        ORDER BY similarity(known.word, asked.word) DESC, known.word LIMIT ${SPELLINGS_MAX}) END AS near
    FROM (
      SELECT word, forms, cardinality(forms) = 0 OR length(word) < 3
        OR EXISTS (SELECT FROM search_words WHERE search_words.word = ANY(forms)) AS known
      FROM unnest(${words}::text[]) AS word,
        LATERAL (SELECT tsvector_to_array(to_tsvector('english', word) ) AS stems) AS s,
        LATERAL (SELECT CASE WHEN cardinality(stems) = 0 THEN stems ELSE stems || word END AS forms) AS f
    ) AS asked`.execute(db);
  const terms = rows
    .map((row) => (row.known ? row.forms : (row.near ?? [])))
    .map((forms, index) => ({ forms, stop: rows[index]!.known && forms.length === 0 }))
    .filter((term) => !term.stop);
  if (terms.length === 0 || terms.some((term) => term.forms.length === 0)) return null;
  return terms.map(({ forms }) => `(${[...new Set(forms)].map(quoteLexeme).join(' | ')})`).join(' & ');
}

function quoteLexeme(lexeme: string): string {
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
