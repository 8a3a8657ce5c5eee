import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { CANDIDATES_MAX, type DiscoverFilter, discoverListings } from './queries/discover.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';
import { addListing } from './testing/market-fixture.ts';
import { walkDiscovery } from './testing/walk-discovery.ts';

/** Prices and reputations at, just under and just over where cells begin. */
const PRICES = [
  1n,
  2n,
  3n,
  4n,
  127n,
  128n,
  499n,
  500n,
  501n,
  5_000n,
  49_999n,
  50_000n,
  67_108_864n,
  100_000_000n,
];
const REPUTATIONS = [
  0, 0.15, 0.24, 0.25, 0.26, 1, 3.25, 3.49, 3.5, 3.51, 3.52, 3.99, 4, 4.01, 4.35, 4.98, 4.99, 5,
];
/** Each is in every nth listing. */
const WORDS = { frequent: 1, usual: 2, seldom: 40, zebu: 3_000 };
const LISTINGS = 3_000;
const SELLERS = 500;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  for (let n = 0; n < SELLERS; n += 1)
    await addListing(database.db, { seller: `Seller ${n}`, status: 'archived' });
  const words = Object.entries(WORDS).map(
    ([word, every]) => sql`CASE WHEN n % ${sql.lit(every)} = 0 THEN ${word} ELSE '' END`,
  );
  await sql`
    INSERT INTO listings (listing_id, seller_agent_id, skill_id, description, base_price, status, seller_display_name,
      seller_capabilities, seller_capabilities_text, seller_reputation, seller_active, created_at, updated_at)
    SELECT gen_random_uuid(), agent_id, CASE WHEN n <= ${SELLERS} THEN 'popular' ELSE 'skill-' || n END,
      concat_ws(' ', ${sql.join(words)}), (${PRICES.map(String)}::bigint[])[1 + n * 31 % ${PRICES.length}], 'active', 'Somebody',
      offered, array_to_string(offered, ' '), (${REPUTATIONS}::numeric[])[1 + n % ${SELLERS} * 17 % ${REPUTATIONS.length}], true, now(), now()
    FROM generate_series(1, ${LISTINGS}) AS n JOIN agents ON display_name = 'Seller ' || n % ${SELLERS},
      LATERAL (SELECT CASE WHEN n % ${SELLERS} % 3 = 0 THEN ARRAY['third', 'any'] ELSE ARRAY['any'] END AS offered) AS c`.execute(
    database.db,
  );
});
afterAll(async () => {
  await database.drop();
});

/** What should be found, said as plainly as SQL can. */
async function expected(filter: DiscoverFilter): Promise<string[]> {
  const word = filter.q === undefined ? null : filter.q.replaceAll(' ', ' & ');
  const { rows } = await sql<{ listing_id: string }>`
    SELECT listing_id FROM (SELECT *, row_number() OVER (
      PARTITION BY seller_agent_id ORDER BY relevance DESC, seller_reputation DESC, base_price, listing_id) > 3 AS is_later FROM (
      SELECT *, (SELECT round(avg(worth)::numeric, 4) FROM (
          SELECT max(CASE weight WHEN 'A' THEN 1 WHEN 'B' THEN 0.4 WHEN 'C' THEN 0.2 ELSE 0.1 END) AS worth
          FROM unnest(words) AS found (lexeme, positions, weights), unnest(weights) AS weight
          WHERE lexeme = ANY(tsvector_to_array(${filter.q ?? ''}::tsvector)) GROUP BY lexeme) AS word) AS relevance FROM listings
      WHERE discoverable AND (${word}::tsquery IS NULL OR words @@ ${word}::tsquery)
        AND (${filter.skillId ?? null}::text IS NULL OR skill_id = ${filter.skillId ?? null})
        AND (${filter.capability ?? null}::text IS NULL OR ${filter.capability ?? null} = ANY(seller_capabilities))
        AND seller_reputation >= ${filter.minRating ?? 0}::numeric AND base_price <= ${filter.maxPrice ?? 100_000_000n}
      ORDER BY seller_reputation DESC, base_price, listing_id LIMIT ${word === null ? LISTINGS : CANDIDATES_MAX}) AS best) AS ranked
    ORDER BY is_later, relevance DESC, seller_reputation DESC, base_price, listing_id`.execute(database.db);
  return rows.map((row) => row.listing_id);
}

describe('whatever is asked', () => {
  const filters = fc.record(
    {
      q: fc.constantFrom(...Object.keys(WORDS), 'frequent seldom', 'usual seldom'),
      skillId: fc.constantFrom('popular', 'skill-500', 'skill-777', 'skill-none'),
      capability: fc.constantFrom('any', 'third', 'none'),
      minRating: fc.constantFrom(0, ...REPUTATIONS, 2.34, 3.53),
      maxPrice: fc.constantFrom(0n, ...PRICES, 1_000n),
    },
    { requiredKeys: [] },
  );

  test('the answer is that of a plain search of every listing, page after page', async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(100, 333, 5_000), async (filter, limit) => {
        const wanted = await expected(filter);
        const { rows, total } = await walkDiscovery(database.apiDb, filter, limit);
        expect(rows.map((row) => row.listing_id)).toEqual(wanted);
        expect(total).toBe(Math.min(wanted.length, CANDIDATES_MAX));
      }),
      { numRuns: 120 },
    );
  }, 120_000);

  test('a place between two listings, where one was removed, is a place all the same', async () => {
    const all = await expected({});
    const places = [0, 1].flatMap((tier) => [
      { filter: {}, tier },
      { filter: { capability: 'any' }, tier },
    ]);
    for (const { filter, tier } of places) {
      const after = {
        tier,
        relevance: 1,
        reputation: 3.52,
        price: 100n,
        listingId: '00000000-0000-0000-0000-000000000000',
      };
      const { rows } = await discoverListings(database.apiDb, filter, { limit: 100, offset: 0, after });
      expect(rows.length).toBe(100);
      const from = all.indexOf(rows[0]!.listing_id);
      expect(rows.map((row) => row.listing_id)).toEqual(all.slice(from, from + 100));
      expect(rows[0]).toMatchObject({ tier, seller_reputation: 3.52 });
      expect(rows[0]!.base_price).toBeGreaterThanOrEqual(100n);
    }
  });
});
