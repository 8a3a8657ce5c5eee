import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import {
  createDb,
  type Db,
  type DiscoverCursor,
  type DiscoverFilter,
  discoverListings,
} from '@agent-registry/db';
import { startPostgres } from '@agent-registry/servers';
import { sql } from 'kysely';
import { COMMON_WORD, RARE_WORD, wordOf } from './market.ts';
import { seedListings } from './seed-listings.ts';

const HELP = `Measures discovery on two seeded markets, one ten times the other, search by search in turn.

  npx node --conditions=@agent-registry/source tools/bench/src/discover.ts [options]

  --listings N   how many to seed in the larger market (1000000)
  --runs N       searches of each kind in each market (200)
  --check        exit 1 when a median is over 20 ms, or over 1.5 times that of the smaller market
  --small URL    markets that are seeded already, instead of two new ones
  --large URL
`;

const MEDIAN_MAX_MS = 20;
const RATIO_MAX = 1.5;
const WARM_UP_RUNS = 5;

interface Search {
  readonly name: string;
  readonly filter: DiscoverFilter;
  /** Only sellers seen in the last minutes before the market was seeded. */
  readonly onlineMinutes?: number;
  readonly offset?: number;
  /** How far down the list its page begins, as a part of the whole. */
  readonly depth?: number;
  /** Measured, but not held to the bounds: lists of words that are everywhere are intersected at a cost that grows. */
  readonly extreme?: true;
}

const SEARCHES: readonly Search[] = [
  { name: 'no words', filter: {} },
  { name: 'a rare word (1 in 10,000)', filter: { q: RARE_WORD } },
  { name: 'a word of 1 in 200', filter: { q: wordOf(170) } },
  { name: 'a word of 1 in 30', filter: { q: wordOf(30) } },
  { name: 'a common word (1 in 3)', filter: { q: COMMON_WORD } },
  { name: 'the commonest word (2 in 3)', filter: { q: wordOf(0) }, extreme: true },
  { name: 'an absent word', filter: { q: 'zzyzxquux' } },
  { name: 'a misspelt word', filter: { q: 'translatoin' } },
  { name: 'two common words', filter: { q: `${COMMON_WORD} ${wordOf(1)}` } },
  { name: 'a common and a rare word', filter: { q: `${COMMON_WORD} ${RARE_WORD}` } },
  {
    name: 'the eight commonest words',
    filter: { q: Array.from({ length: 8 }, (_, rank) => wordOf(rank)).join(' ') },
    extreme: true,
  },
  { name: 'common, rated 4 or more', filter: { q: COMMON_WORD, minRating: 4 } },
  { name: 'common, at most 1.00', filter: { q: COMMON_WORD, maxPrice: 100n } },
  { name: 'a capability', filter: { capability: wordOf(5) } },
  { name: 'at most 0.10', filter: { maxPrice: 10n } },
  { name: 'offset 10,000', filter: {}, offset: 10_000 },
  { name: 'cursor, a tenth down', filter: {}, depth: 0.1 },
  { name: 'cursor, nine tenths down', filter: {}, depth: 0.9 },
  { name: 'cursor, capability, half down', filter: { capability: wordOf(5) }, depth: 0.5 },
  { name: 'common word, page 45 by offset', filter: { q: COMMON_WORD }, offset: 880 },
  { name: 'online: few', filter: {}, onlineMinutes: 10 },
  { name: 'online: few, a common word', filter: { q: COMMON_WORD }, onlineMinutes: 10 },
  { name: 'online: all', filter: {}, onlineMinutes: 1_440 },
  { name: 'online: all, a common word', filter: { q: COMMON_WORD }, onlineMinutes: 1_440 },
  { name: 'online: all, a capability', filter: { capability: wordOf(5) }, onlineMinutes: 1_440 },
];

interface Market {
  readonly db: Db;
  readonly listings: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      listings: { type: 'string', default: '1000000' },
      runs: { type: 'string', default: '200' },
      check: { type: 'boolean', default: false },
      small: { type: 'string' },
      large: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  console.log(`machine: ${cpus().length} × ${cpus()[0]?.model}; Node ${process.version}; times in ms`);
  if (values.small !== undefined && values.large !== undefined) {
    process.exitCode = await compare(values.small, values.large, Number(values.runs), values.check);
    return;
  }
  const postgres = await startPostgres({ port: 0, ephemeral: true });
  try {
    const large = Number(values.listings);
    const urls = [await seed(postgres.url, 'small', large / 10), await seed(postgres.url, 'large', large)];
    process.exitCode = await compare(urls[0]!, urls[1]!, Number(values.runs), values.check);
  } finally {
    await postgres.stop({ immediate: true });
  }
}

async function seed(server: string, name: string, listings: number): Promise<string> {
  const admin = createDb({ url: server, poolMax: 1 });
  await sql`CREATE DATABASE ${sql.raw(name)}`.execute(admin);
  await admin.destroy();
  const url = new URL(server);
  url.pathname = `/${name}`;
  const started = performance.now();
  await seedListings({ url: url.href, listings });
  console.log(`seeded ${listings} listings in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return url.href;
}

/** Returns the exit code. */
async function compare(smallUrl: string, largeUrl: string, runs: number, check: boolean): Promise<number> {
  const [small, large] = await Promise.all([openMarket(smallUrl), openMarket(largeUrl)]);
  let over = 0;
  try {
    const titles = [`p50 of ${small.listings}`, `p50 of ${large.listings}`, 'p95', 'ratio'];
    console.log(`\n${'search'.padEnd(30)} ${titles.map((title) => title.padStart(15)).join('')}`);
    for (const search of SEARCHES) {
      const [a, b] = await timeInTurn(search, small, large, runs);
      const ratio = b.p50 / a.p50;
      const tooSlow = search.extreme === undefined && (b.p50 > MEDIAN_MAX_MS || ratio > RATIO_MAX);
      over += tooSlow ? 1 : 0;
      const figures = [a.p50, b.p50, b.p95, ratio].map((figure) => figure.toFixed(2).padStart(15)).join('');
      console.log(`${search.name.padEnd(30)} ${figures}${tooSlow ? '  over' : ''}`);
    }
  } finally {
    await Promise.all([small.db.destroy(), large.db.destroy()]);
  }
  return check && over > 0 ? 1 : 0;
}

async function openMarket(url: string): Promise<Market> {
  const db = createDb({ url, poolMax: 1 });
  const { rows } = await sql<{ listings: bigint }>`SELECT count(*) AS listings FROM listings`.execute(db);
  return { db, listings: Number(rows[0]!.listings) };
}

/** The same search in one market and then the other, so that what else the machine does slows both alike. */
async function timeInTurn(search: Search, small: Market, large: Market, runs: number) {
  const [inSmall, inLarge] = [await prepare(search, small), await prepare(search, large)];
  const [a, b]: [number[], number[]] = [[], []];
  for (let run = 0; run < WARM_UP_RUNS + runs; run += 1) {
    const [first, second] = [await timeOf(inSmall), await timeOf(inLarge)];
    if (run >= WARM_UP_RUNS) {
      a.push(first);
      b.push(second);
    }
  }
  return [quantiles(a), quantiles(b)] as const;
}

async function prepare(search: Search, { db, listings }: Market): Promise<() => Promise<unknown>> {
  const after =
    search.depth === undefined ? undefined : await findPlace(db, Math.floor(search.depth * listings));
  const filter = { ...search.filter, onlineSince: await findMinutesBefore(db, search.onlineMinutes) };
  return () => discoverListings(db, filter, { limit: 20, offset: search.offset ?? 0, after });
}

async function findMinutesBefore(db: Db, minutes: number | undefined): Promise<Date | undefined> {
  if (minutes === undefined) return undefined;
  const { rows } = await sql<{ at: Date }>`
    SELECT max(last_seen) - ${minutes}::integer * interval '1 minute' AS at FROM agents`.execute(db);
  return rows[0]!.at;
}

async function findPlace(db: Db, offset: number): Promise<DiscoverCursor> {
  const { rows } = await sql<Omit<DiscoverCursor, 'relevance'>>`
    SELECT tier, seller_reputation AS reputation, base_price AS price, listing_id AS "listingId" FROM listings
    WHERE discoverable ORDER BY tier, seller_reputation DESC, base_price, listing_id OFFSET ${offset} LIMIT 1`.execute(
    db,
  );
  return { relevance: 1, ...rows[0]! };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function quantiles(times: number[]): { p50: number; p95: number } {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: sorted[Math.floor(sorted.length / 2)]!, p95: sorted[Math.floor(sorted.length * 0.95)]! };
}

await main();
