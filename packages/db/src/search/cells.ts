import { type RawBuilder, sql } from 'kysely';

/** Where a search begins, goes on and ends in the order by reputation, then price; tier by tier, where there are tiers. */
export interface RankRange {
  /** 0–5. */
  readonly minRating?: number | undefined;
  /** Cents. */
  readonly maxPrice?: bigint | undefined;
  /** The last listing of the page before. */
  readonly after?: { readonly tier: number; readonly reputation: number; readonly price: bigint } | undefined;
}

/** Consecutive cells, both ends included, that are read at once. */
export interface CellRun {
  readonly first: number;
  readonly last: number;
}

// As in the function listing_cell of the migrations: hundredths of reputation, and cents.
const RATED_STEPS = [...steps(25, 325, 25), ...steps(350, 398, 2), ...steps(400, 500, 1)];
const RATED_PRICE_STEPS = [500n, 5_000n, 50_000n];
const UNRATED_PRICE_STEPS = Array.from({ length: 26 }, (_, index) => 2n ** BigInt(index + 1));
const RATED_FROM = 100;
/** As in the function capability_cells of the migrations. */
const TIER_CELLS = 1_000;
const PRICES = RATED_PRICE_STEPS.length + 1;

function steps(first: number, last: number, by: number): number[] {
  return Array.from({ length: (last - first) / by + 1 }, (_, index) => first + index * by);
}

function bucket<T extends number | bigint>(value: T, thresholds: readonly T[]): number {
  return thresholds.filter((threshold) => threshold <= value).length;
}

/** The cells of a range, best first: no listing of a run ranks before one of the run before it. */
export function listCellRuns({ minRating = 0, maxPrice, after }: RankRange): CellRun[] {
  const best =
    after === undefined ? RATED_STEPS.length : bucket(Math.round(after.reputation * 100), RATED_STEPS);
  const worst = bucket(Math.floor(minRating * 100), RATED_STEPS);
  const dearest = maxPrice === undefined ? PRICES - 1 : bucket(maxPrice, RATED_PRICE_STEPS);
  const rated = Array.from({ length: Math.max(0, best - worst + 1) }, (_, index) => {
    const first = RATED_FROM + (best - index) * PRICES;
    return { first, last: first + dearest };
  });
  if (minRating > 0) return rated;
  const cheapest = after?.reputation === 0 ? bucket(after.price, UNRATED_PRICE_STEPS) : 0;
  const end = maxPrice === undefined ? UNRATED_PRICE_STEPS.length : bucket(maxPrice, UNRATED_PRICE_STEPS);
  const unrated = Array.from({ length: Math.max(0, end - cheapest + 1) }, (_, index) => ({
    first: cheapest + index,
    last: cheapest + index,
  }));
  return after?.reputation === 0 ? unrated : [...rated, ...unrated];
}

/** What is left of a range in each tier: the place that it goes on from lies in one of them. */
export function listTiers<Range extends RankRange>(range: Range): { tier: number; range: Range }[] {
  const { after } = range;
  const first = after?.tier ?? 0;
  return [0, 1]
    .filter((tier) => tier >= first)
    .map((tier) => ({ tier, range: { ...range, after: tier === after?.tier ? after : undefined } }));
}

/** The cells of a range in the index of capabilities, the first tier's before those of the second. */
export function listTieredRuns(whole: RankRange): CellRun[] {
  return listTiers(whole).flatMap(({ tier, range }) =>
    listCellRuns(range).map(({ first, last }) => ({
      first: first + tier * TIER_CELLS,
      last: last + tier * TIER_CELLS,
    })),
  );
}

/** Something a listing must have, in any of these forms, as the index knows it. */
export interface Term {
  readonly forms: readonly string[];
  /** How many listings have it, as last counted. */
  readonly listings: number;
}

/** What a capability, and a skill in its folded form, are called in the index. */
export const capabilityLexeme = (capability: string): string => `#${capability}`;
export const skillLexeme = (skillKey: string): string => `=${skillKey}`;

interface CellIndex {
  readonly cells: RawBuilder<unknown>;
  /** The tier of what is found. */
  readonly tier: RawBuilder<unknown>;
}

/** Words, capabilities and skills, without tiers. */
const ALL_TERMS: CellIndex = {
  cells: sql`(term_cells(words, seller_capabilities, skill_key, seller_reputation, base_price) COLLATE "C")`,
  tier: sql`0`,
};
/** Capabilities only, in the cells of listTieredRuns. */
export const CAPABILITIES: CellIndex = {
  cells: sql`(capability_cells(seller_capabilities, tier, seller_reputation, base_price) COLLATE "C")`,
  tier: sql`tier`,
};

/** Entries of the index that one search may read before it finds anything: some five milliseconds, finding them included. */
const ENTRIES_MAX = 50_000;

/** Parts of all listings, by the first cell of a run of listCellRuns. */
export type CellShares = Readonly<Record<string, number>>;

/** Whether terms may have so many listings, and yet none in common, that `boundRuns` should tell how far to look. */
export function needsBound(terms: readonly Term[]): boolean {
  return terms.length > 1 && entriesOf(terms) > ENTRIES_MAX;
}

/** The best runs, as many as can be read in bounded time: each costs the entries of the rarest term, once for each term. */
export function boundRuns(runs: readonly CellRun[], terms: readonly Term[], shares: CellShares): CellRun[] {
  const entries = entriesOf(terms);
  let read = 0;
  return runs.filter(({ first }) => {
    const within = read <= ENTRIES_MAX;
    read += entries * (shares[first] ?? 0);
    return within;
  });
}

function entriesOf(terms: readonly Term[]): number {
  return terms.length * Math.min(...terms.map(({ listings }) => listings));
}

/**
 * The best `limit` listings that have every term, as (listing_id, seller_agent_id, seller_reputation, base_price, words, tier). The runs of cells
 * are read one after the other until there are enough, so the work hardly depends on how many listings there are.
 *
 * @param narrowing further conditions on a listing.
 */
export function selectBest(
  terms: readonly Term[],
  runs: readonly CellRun[],
  narrowing: RawBuilder<unknown>,
  limit: number,
  { cells, tier }: CellIndex = ALL_TERMS,
): RawBuilder<unknown> {
  const width = Math.max(1, ...runs.map(({ first, last }) => last - first + 1));
  const columns = Array.from({ length: width }, (_, nth) => sql.ref(`cell_${nth}`));
  // A run that is narrower than others has its last cell more than once.
  const suffixes = columns.map(
    (_, nth) => sql`${runs.map(({ first, last }) => ` ${Math.min(first + nth, last)}`)}::text[]`,
  );
  const conditions = terms.map(({ forms }) => {
    const entries = forms.flatMap((form) => columns.map((cell) => sql`${form}::text || ${cell}`));
    return sql`${cells} && ARRAY[${sql.join(entries)}]`;
  });
  // OFFSET 0 keeps the order out of the innermost scan, which would else be tempted to walk all listings in that order.
  return sql`
    SELECT best.* FROM unnest(${sql.join(suffixes)}) AS run (${sql.join(columns)}) CROSS JOIN LATERAL (
      SELECT * FROM (
        SELECT listing_id, seller_agent_id, seller_reputation, base_price, words, ${tier} AS tier FROM listings
        WHERE discoverable AND ${sql.join(conditions, sql` AND `)} AND ${narrowing} OFFSET 0) AS found
      ORDER BY seller_reputation DESC, base_price, listing_id LIMIT ${limit}
    ) AS best LIMIT ${limit}`;
}
