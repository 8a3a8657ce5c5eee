import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createDb, type Db, type DiscoverFilter, discoverListings } from '@agent-registry/db';
import { startPostgres } from '@agent-registry/postgres';
import { COMMON_WORD, RARE_WORD, seedListings } from './seed-listings.ts';

const HELP = `Measures discovery on a seeded market.

  node --conditions=@agent-registry/source tools/bench/src/discover.ts [--listings N] [--runs N]

  --listings  how many to seed in the larger market (1000000); the smaller has a tenth
  --runs      searches of each kind (200)
`;

const SEARCHES: readonly (readonly [string, DiscoverFilter])[] = [
  ['no words', {}],
  ['a rare word', { q: RARE_WORD }],
  ['a common word', { q: COMMON_WORD }],
  ['two common words', { q: `${COMMON_WORD} babaab` }],
  ['an absent word', { q: 'zzyzxquux' }],
  ['a misspelt word', { q: 'translatoin' }],
  ['common, rated 4 or more', { q: COMMON_WORD, minRating: 4 }],
  ['common, under 1.00', { q: COMMON_WORD, maxPrice: 100n }],
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { listings: { type: 'string' }, runs: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(HELP);
  const large = Number(values.listings ?? 1_000_000);
  const runs = Number(values.runs ?? 200);
  console.log(`machine: ${cpus().length} × ${cpus()[0]?.model}; Node ${process.version}; times in ms`);
  const small = await measure(large / 10, runs);
  const big = await measure(large, runs);
  console.log(`\nsearch                          p50 at ${large / 10}   p50 at ${large}   p95   ratio`);
  for (const [name] of [...SEARCHES, ['page 500 by cursor']] as const) {
    const [a, b] = [small.get(name)!, big.get(name)!];
    console.log(
      `${name.padEnd(30)} ${a.p50.toFixed(2).padStart(10)} ${b.p50.toFixed(2).padStart(14)} ${b.p95.toFixed(2).padStart(8)} ${(b.p50 / a.p50).toFixed(2).padStart(6)}`,
    );
  }
}

type Figures = Map<string, { p50: number; p95: number }>;

async function measure(listings: number, runs: number): Promise<Figures> {
  const postgres = await startPostgres({ port: 0, ephemeral: true });
  try {
    const started = performance.now();
    await seedListings({
      url: postgres.url,
      listings,
      onProgress: (done, total) => {
        if (done % 100_000 === 0 || done === total) process.stderr.write(`seeded ${done} of ${total}\n`);
      },
    });
    console.log(`seeded ${listings} listings in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    const db = createDb({ url: postgres.url, poolMax: 1 });
    try {
      const figures: Figures = new Map();
      for (const [name, filter] of SEARCHES) {
        figures.set(name, await time(runs, () => discoverListings(db, filter, { limit: 20, offset: 0 })));
      }
      figures.set('page 500 by cursor', await timeDeepPages(db, runs));
      return figures;
    } finally {
      await db.destroy();
    }
  } finally {
    await postgres.stop({ immediate: true });
  }
}

async function timeDeepPages(db: Db, runs: number): Promise<{ p50: number; p95: number }> {
  const { rows } = await discoverListings(db, {}, { limit: 1, offset: 9_999 });
  const last = rows[0]!;
  const after = {
    relevance: 1,
    reputation: last.seller_reputation,
    price: last.base_price,
    listingId: last.listing_id,
  };
  return time(runs, () => discoverListings(db, {}, { limit: 20, offset: 0, after }));
}

async function time(runs: number, work: () => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  for (let run = 0; run < 5; run += 1) await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(runs / 2)]!, p95: times[Math.floor(runs * 0.95)]! };
}

await main();
