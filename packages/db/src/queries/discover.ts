import { foldName } from '@agent-registry/schemas';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../create-db.ts';
import {
  boundRuns,
  CAPABILITIES,
  type CellRun,
  capabilityLexeme,
  listCellRuns,
  listTieredRuns,
  needsBound,
  selectBest,
  skillLexeme,
  type Term,
} from '../search/cells.ts';
import { selectOnline } from '../search/online.ts';
import { selectInRankOrder } from '../search/rank-order.ts';
import { type AskedWord, findSearchTerms, type SearchTerms, writeQuery } from '../search/read-words.ts';
import { CUSTOM_PLAN } from '../session/prepared-statements.ts';
import type { ListingRow } from '../tables/index.ts';
import { findCellShares } from './search-maintenance.ts';

/** Matches of a word that are ranked: all of them where they are fewer, else the best by reputation and price. */
export const CANDIDATES_MAX = 1_000;

export interface DiscoverFilter {
  readonly q?: string | undefined;
  /** In any spelling that folds to the same. */
  readonly skillId?: string | undefined;
  readonly capability?: string | undefined;
  /** 0–5. */
  readonly minRating?: number | undefined;
  /** Cents. */
  readonly maxPrice?: bigint | undefined;
  /** Only sellers who were seen, or whose endpoint answered 2xx, after this moment. */
  readonly onlineSince?: Date | undefined;
}

/** The place after which a page begins: the sort key of the last row of the page before. */
export interface DiscoverCursor {
  /** 1 for a seller's fourth and later listings. */
  readonly tier: number;
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
  /** 0 for the first three listings of a seller among those that are found, 1 for the others. */
  tier: number;
  /** 0–1, four places: how well the words match; 1 where none were asked for. */
  relevance: number;
  /** Whether the seller has a score at all: it may be 0. */
  rated: boolean;
  /** Cents: the seller's. */
  attack_cost: bigint;
};

export interface DiscoverPage {
  readonly rows: readonly DiscoverRow[];
  /** Counted to 1,000 at most. */
  readonly total: number;
}

/**
 * One page of discovery, by relevance, then reputation, then price, in which everybody's best three listings come before
 * anybody's fourth, so that no seller takes the first pages alone. A word that many listings have is searched among the
 * best 1,000 of them, and a fifth word, after the four rarest, among the best 1,000 that have those; words that are common each,
 * but seldom together, among the listings of the best reputations and prices that can be gone through in bounded time. A word that few listings have is also read as its nearest spellings.
 */
export async function discoverListings(
  db: Db,
  { skillId, ...rest }: DiscoverFilter,
  page: DiscoverPlace,
): Promise<DiscoverPage> {
  const filter = { ...rest, skillKey: skillId === undefined ? undefined : foldName(skillId) };
  const asked =
    filter.q === undefined ? NO_WORDS : await findSearchTerms(db, filter.q, filterLexemes(filter));
  if (asked === null) return { rows: [], total: 0 };
  if (filter.q !== undefined || filter.onlineSince !== undefined) {
    const runs = await listRuns(db, filter, asked.terms);
    return readPage(db, page, {
      counted: sql`SELECT *, (row_number() OVER (PARTITION BY seller_agent_id ORDER BY ${BEST_FIRST}) > ${FIRST_OF_SELLER})::integer AS tier
        FROM (${selectCandidates(filter, asked, runs)}) AS ranked`,
      page: sql`SELECT * FROM counted WHERE ${pastRelevance(page.after)}
        ORDER BY tier, ${BEST_FIRST} LIMIT ${page.limit} OFFSET ${page.offset}`,
    });
  }
  const last = page.offset + page.limit;
  const select = filter.capability === undefined ? selectInRankOrder : selectCapable;
  return readPage(db, page, {
    counted: select(filter, CANDIDATES_MAX),
    page: sql`SELECT *, 1 AS relevance FROM (${select({ ...filter, after: page.after }, last)}) AS best
      ORDER BY tier, seller_reputation DESC, base_price, listing_id LIMIT ${page.limit} OFFSET ${page.offset}`,
  });
}

/** A filter with its skill in the form that listings keep it in. */
type Filter = Omit<DiscoverFilter, 'skillId'> & { readonly skillKey: string | undefined };

const NO_WORDS: SearchTerms = { terms: [], words: [], exact: true };

async function listRuns(db: Db, filter: Filter, terms: readonly Term[]): Promise<CellRun[]> {
  const runs = listCellRuns(filter);
  return needsBound(terms) ? boundRuns(runs, terms, await findCellShares(db)) : runs;
}

/** Which page: an offset counts from the list's start, or from `after`, the last row of the page before. */
interface DiscoverPlace {
  readonly limit: number;
  readonly offset: number;
  readonly after?: DiscoverCursor | undefined;
}

/** Listings of one seller that stand among everybody's first. */
const FIRST_OF_SELLER = 3;
const RANKED_SELLERS = sql`listing_id, seller_agent_id, seller_reputation, base_price`;
const BEST_FIRST = sql`relevance DESC, seller_reputation DESC, base_price, listing_id`;
/** What a word is worth by where a listing has it: in its skill, its capabilities, its description, its seller's name. */
const WORTH = { A: 1, B: 0.4, C: 0.2, D: 0.1 } as const;

/** What is ranked anew, as (listing_id, seller_agent_id, seller_reputation, base_price, relevance). */
function selectCandidates(
  filter: Filter,
  { terms, words, exact }: SearchTerms,
  runs: readonly CellRun[],
): RawBuilder<unknown> {
  const { onlineSince, capability } = filter;
  const all = terms.length > 0 ? terms : filterTerms(filter);
  const best =
    terms.length > 0 || capability !== undefined
      ? selectBest(all, runs, narrowing(filter), CANDIDATES_MAX)
      : selectInRankOrder(filter, CANDIDATES_MAX, RANKED_SELLERS);
  const relevance = relevanceOf(words);
  const matching = words.length === 0 ? sql`true` : sql`words @@ ${writeQuery(words)}::tsquery`;
  if (onlineSince === undefined) {
    return sql`SELECT listing_id, seller_agent_id, seller_reputation, base_price, ${relevance} AS relevance
      FROM (${best}) AS best WHERE ${exact ? sql`true` : matching}`;
  }
  const able = capability === undefined ? sql`true` : sql`${capability} = ANY(seller_capabilities)`;
  const ranked = exact ? best : sql`SELECT * FROM (${best}) AS best WHERE ${matching}`;
  const own = sql`${matching} AND ${able} AND ${narrowing(filter)}`;
  return selectOnline({ ...filter, onlineSince }, ranked, own, relevance);
}

/**
 * The mean worth of the words asked for, each by the best place that has it, and once however often it is repeated there:
 * a description stuffed with a word matches no better than one that has it. 1 where no words are asked for.
 */
function relevanceOf(words: readonly AskedWord[]): RawBuilder<unknown> {
  if (words.length === 0) return sql`1::numeric`;
  const worths = words.map((word) => {
    const cases = listWorths(word).map(
      ({ query, worth }) => sql`WHEN words @@ ${query}::tsquery THEN ${sql.lit(worth)}`,
    );
    return sql`(CASE ${sql.join(cases, sql` `)} ELSE 0 END)`;
  });
  return sql`round((${sql.join(worths, sql` + `)})::numeric / ${sql.lit(words.length)}, 4)`;
}

/** What a word may be worth, the most first: what its place is, times what its spelling counts. */
function listWorths(word: AskedWord): { query: string; worth: number }[] {
  const shares = [...new Set(word.map(({ share }) => share))];
  const worths = shares.flatMap((share) =>
    Object.entries(WORTH).map(([place, worth]) => ({
      query: writeQuery([word.filter((spelling) => spelling.share === share)], place),
      worth: worth * share,
    })),
  );
  return worths.toSorted((a, b) => b.worth - a.worth);
}

function filterLexemes({ capability, skillKey }: Filter): string[] {
  return [
    ...(capability === undefined ? [] : [capabilityLexeme(capability)]),
    ...(skillKey === undefined ? [] : [skillLexeme(skillKey)]),
  ];
}

const filterTerms = (filter: Filter): Term[] =>
  filterLexemes(filter).map((lexeme) => ({ forms: [lexeme], listings: 0 }));

/** What cells leave open: they are wider than a rating or a price. */
function narrowing({ minRating, maxPrice }: Filter): RawBuilder<unknown> {
  const rating = minRating === undefined ? sql`true` : sql`seller_reputation >= ${minRating}::numeric`;
  const price = maxPrice === undefined ? sql`true` : sql`base_price <= ${maxPrice}`;
  return sql`${rating} AND ${price}`;
}

function selectCapable(
  filter: Filter & { after?: DiscoverCursor | undefined },
  limit: number,
): RawBuilder<unknown> {
  const { after } = filter;
  // Of one skill a seller has one listing, so those need no tiers.
  const tiered = filter.skillKey === undefined;
  const tier = tiered ? sql`tier` : sql`${after?.tier}::integer`;
  // A row comparison cannot say "descending, then ascending".
  const past =
    after === undefined
      ? sql`true`
      : sql`(${tier}, -seller_reputation, base_price, listing_id) >
          (${after.tier}::integer, ${-after.reputation}::numeric, ${after.price}::bigint, ${after.listingId}::uuid)`;
  const where = sql`${narrowing(filter)} AND ${past}`;
  return tiered
    ? selectBest(filterTerms(filter), listTieredRuns(filter), where, limit, CAPABILITIES)
    : selectBest(filterTerms(filter), listCellRuns(filter), where, limit);
}

function pastRelevance(after: DiscoverCursor | undefined): RawBuilder<unknown> {
  if (after === undefined) return sql`true`;
  return sql`(tier, -relevance, -seller_reputation, base_price, listing_id) >
    (${after.tier}::integer, ${-after.relevance}::numeric, ${-after.reputation}::numeric, ${after.price}::bigint, ${after.listingId}::uuid)`;
}

/** Counts one selection, and reads the listings of another, which may be made from the first: one round trip. */
async function readPage(
  db: Db,
  { limit }: DiscoverPlace,
  { counted, page }: { counted: RawBuilder<unknown>; page: RawBuilder<unknown> },
): Promise<DiscoverPage> {
  const { rows } = await sql<DiscoverRow & { total: number }>`
    WITH counted AS MATERIALIZED (${counted}), page AS MATERIALIZED (${page})
    SELECT listing.*, whole.total FROM (SELECT least(count(*), ${sql.lit(CANDIDATES_MAX)})::integer AS total FROM counted) AS whole LEFT JOIN (
      SELECT listing_id, listings.seller_agent_id, seller_display_name, listings.seller_reputation, skill_id, listings.description,
        listings.base_price, sla, page.tier, relevance::float8 AS relevance, agents.reputation_seller IS NOT NULL AS rated, attack_cost_seller AS attack_cost
      FROM page JOIN listings USING (listing_id) JOIN agents ON agents.agent_id = listings.seller_agent_id
      ORDER BY page.tier, page.relevance DESC, page.seller_reputation DESC, page.base_price, listing_id LIMIT ${limit}
    ) AS listing ON true ${sql.raw(CUSTOM_PLAN)}`.execute(db);
  // Where the page is empty there is one row, for the total.
  return { rows: rows.filter((row) => row.listing_id !== null), total: rows[0]?.total ?? 0 };
}
