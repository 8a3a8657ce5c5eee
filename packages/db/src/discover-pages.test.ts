import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import {
  CANDIDATES_MAX,
  type DiscoverCursor,
  type DiscoverFilter,
  discoverListings,
} from './queries/discover.ts';
import { addListing } from './testing/market-fixture.ts';
import { useMarket } from './testing/use-market.ts';
import { placeOf, walkDiscovery } from './testing/walk-discovery.ts';

const database = useMarket();

const add = (listing: Parameters<typeof addListing>[1]) => addListing(database.db, listing);

const pageOf = (filter: DiscoverFilter, limit = 100, offset = 0, after?: DiscoverCursor) =>
  discoverListings(database.apiDb, filter, { limit, offset, after });

async function idsOf(filter: DiscoverFilter): Promise<string[]> {
  return (await pageOf(filter)).rows.map((row) => row.listing_id);
}

const walk = async (filter: DiscoverFilter, limit: number) =>
  (await walkDiscovery(database.apiDb, filter, limit)).rows;

describe.each([
  ['without words', {}],
  ['with a word', { q: 'typing' }],
])('discovery %s', (_how, base: DiscoverFilter) => {
  const offer = { skill: 'typing' };

  test('discovery shows only what is for sale, by sellers who may sell', async () => {
    const shown = await add({ ...offer });
    await add({ ...offer, status: 'paused' });
    await add({ ...offer, status: 'archived' });
    await add({ ...offer, sellerStatus: 'suspended' });
    await add({ ...offer, sellerStatus: 'deactivated' });
    const { rows, total } = await pageOf(base);
    expect(rows.map((row) => row.listing_id)).toEqual([shown]);
    expect(total).toBe(1);
  });

  test('ranks by reputation, then price; who has no score yet comes last', async () => {
    const unrated = await add({ ...offer, price: 1n });
    const dear = await add({ ...offer, reputation: 4.5, price: 300n });
    const best = await add({ ...offer, reputation: 4.51, price: 9_000n });
    const cheap = await add({ ...offer, reputation: 4.5, price: 200n });
    const poor = await add({ ...offer, reputation: 0.15, price: 1n });
    expect(await idsOf(base)).toEqual([best, cheap, dear, poor, unrated]);
  });

  test('narrows by skill, capability, rating and price, each and all at once', async () => {
    const best = { ...offer, capabilities: ['fast', 'cheap'], reputation: 4, price: 500n };
    const wanted = await add(best);
    const exact: DiscoverFilter = {
      ...base,
      skillId: 'typing',
      capability: 'fast',
      minRating: 4,
      maxPrice: 500n,
    };
    const other = await add({ ...best, skill: 'touch-typing' });
    const slow = await add({ ...best, capabilities: ['fast-ish'] });
    const unproven = await add({ ...best, reputation: 3.99 });
    const dear = await add({ ...best, price: 501n });
    const sorted = (ids: string[]) => [...ids].sort();
    expect(sorted(await idsOf({ ...base, skillId: 'typing' }))).toEqual(
      sorted([wanted, slow, unproven, dear]),
    );
    expect(sorted(await idsOf({ ...base, capability: 'fast' }))).toEqual(
      sorted([wanted, other, unproven, dear]),
    );
    expect(sorted(await idsOf({ ...base, minRating: 4 }))).toEqual(sorted([wanted, other, slow, dear]));
    expect(sorted(await idsOf({ ...base, maxPrice: 500n }))).toEqual(sorted([wanted, other, slow, unproven]));
    expect(await idsOf(exact)).toEqual([wanted]);
    expect(await pageOf({ ...exact, minRating: 4.01 })).toEqual({ rows: [], total: 0 });
  });

  test('discovery keeps sellers without a score when the rating asked for is zero', async () => {
    const unrated = await add({ ...offer });
    expect(await idsOf({ ...base, minRating: 0 })).toEqual([unrated]);
    expect(await idsOf({ ...base, minRating: 0.01 })).toEqual([]);
  });

  test('discovery explains the rank of each listing', async () => {
    await add({ ...offer, reputation: 4.25, price: 300n });
    await add({ ...offer });
    const { rows } = await pageOf(base);
    expect(rows).toMatchObject([
      { seller_reputation: 4.25, rated: true, base_price: 300n },
      { seller_reputation: 0, rated: false },
    ]);
    for (const { relevance } of rows) {
      expect(relevance).toBeGreaterThan(0);
      expect(relevance).toBeLessThanOrEqual(1);
      expect(Number(relevance.toFixed(4))).toBe(relevance);
    }
  });

  test.each([1, 2, 3, 7, 100])(
    'discovery shows each listing once by pages of %d, equals included',
    async (limit) => {
      for (let index = 0; index < 23; index += 1) {
        await add({
          ...offer,
          reputation: index % 3 === 0 ? null : 2 + (index % 2),
          price: BigInt(1 + (index % 2)),
        });
      }
      const all = await idsOf(base);
      expect(new Set(all).size).toBe(23);
      expect((await walk(base, limit)).map((row) => row.listing_id)).toEqual(all);
    },
  );

  test('discovery finds nothing after a place that is below the rating asked for', async () => {
    await add({ ...offer, capabilities: ['fast'], reputation: 4.5 });
    const below = await add({ ...offer, capabilities: ['fast'], reputation: 2 });
    const last = (await pageOf(base)).rows.find((row) => row.listing_id === below)!;
    for (const narrower of [{}, { capability: 'fast' }, { capability: 'fast', skillId: 'typing' }]) {
      const { rows } = await pageOf({ ...base, ...narrower, minRating: 4 }, 100, 0, placeOf(last));
      expect(rows).toEqual([]);
    }
  });

  test('discovery counts an offset from the first', async () => {
    for (let index = 0; index < 9; index += 1) await add({ ...offer, price: BigInt(index + 1) });
    const all = await idsOf(base);
    const { rows, total } = await pageOf(base, 3, 4);
    expect(rows.map((row) => row.listing_id)).toEqual(all.slice(4, 7));
    expect(total).toBe(9);
    expect(await pageOf(base, 3, 10_000)).toEqual({ rows: [], total: 9 });
  });

  test('discovery tells the same total on every page', async () => {
    for (let index = 0; index < 5; index += 1) await add({ ...offer, price: BigInt(index + 1) });
    const { rows } = await pageOf(base, 4);
    const next = await pageOf(base, 4, 0, placeOf(rows.at(-1)!));
    expect([next.rows.length, next.total]).toEqual([1, 5]);
    expect(await pageOf(base, 4, 0, placeOf(next.rows[0]!))).toEqual({ rows: [], total: 5 });
  });
});

describe('a seller with many listings', () => {
  const crowd = (word: string, count: number) =>
    sql`
    WITH seller AS (
      INSERT INTO agents (agent_id, public_key, display_name, hosting_mode, capabilities, status, reputation_as_of, webhook_secret, created_at, updated_at)
      VALUES (gen_random_uuid(), repeat('ab', 32), 'Crowd', 'client_only', '{}', 'active', now(), 'sealed', now(), now()) RETURNING agent_id)
    INSERT INTO listings (listing_id, seller_agent_id, skill_id, description, base_price, status, seller_display_name,
      seller_capabilities, seller_capabilities_text, seller_reputation, seller_active, created_at, updated_at)
    SELECT gen_random_uuid(), agent_id, ${word} || '-' || n, repeat(${word} || ' ', 500), n, 'active', 'Crowd', '{fast}', 'fast', 0, true, now(), now()
    FROM seller, generate_series(1, ${count}) AS n`.execute(database.db);

  test.each([{ q: 'typing' }, {}, { capability: 'fast' }, { minRating: 0, maxPrice: 60_000n }])(
    'has three of them among everybody’s first; its fourth comes after everybody else’s third: %p',
    async (filter) => {
      await crowd('typing', 18);
      const others: string[] = [];
      for (let index = 0; index < 12; index += 1)
        others.push(await add({ skill: 'typing', capabilities: ['fast'], price: 50_000n + BigInt(index) }));
      const { rows } = await pageOf(filter, 20);
      expect(rows.slice(0, 3).map((row) => row.seller_display_name)).toEqual(['Crowd', 'Crowd', 'Crowd']);
      expect(rows.slice(3, 15).map((row) => row.listing_id)).toEqual(others);
      expect(rows.slice(15).every((row) => row.seller_display_name === 'Crowd')).toBe(true);
    },
  );

  test.each([1, 2, 7])(
    'a seller with many listings is walked through by pages of %d, each listing once, in one order',
    async (limit) => {
      await crowd('typing', 9);
      for (let index = 0; index < 4; index += 1) await add({ skill: 'typing', capabilities: ['fast'] });
      for (const filter of [{ q: 'typing' }, {}, { capability: 'fast' }]) {
        const all = await idsOf(filter);
        expect(new Set(all).size).toBe(13);
        expect((await walk(filter, limit)).map((row) => row.listing_id)).toEqual(all);
      }
    },
  );

  test('a seller with many listings has its one listing of a skill in its place among the others’ of that skill', async () => {
    await crowd('typing', 9);
    const dear = await add({ skill: 'typing-9', capabilities: ['fast'], price: 10n });
    for (const filter of [{ skillId: 'typing-9' }, { skillId: 'typing-9', capability: 'fast' }]) {
      const found = await walk(filter, 1);
      expect(found.map((row) => row.base_price)).toEqual([9n, 10n]);
      expect(found[1]!.listing_id).toBe(dear);
    }
  });
});

describe('relevance', () => {
  test('relevance counts a word once, however often a description repeats it', async () => {
    const stuffed = await add({ description: 'typing '.repeat(400), price: 2n });
    const plain = await add({ description: 'Fast typing of anything.', price: 1n });
    const { rows } = await pageOf({ q: 'typing' });
    expect(rows.map((row) => row.listing_id)).toEqual([plain, stuffed]);
    expect(new Set(rows.map((row) => row.relevance)).size).toBe(1);
  });

  test('relevance comes before reputation and price', async () => {
    const named = await add({ seller: 'Typing', reputation: 5, price: 1n });
    const skilled = await add({ skill: 'typing', price: 9_000n });
    expect(await idsOf({ q: 'typing' })).toEqual([skilled, named]);
  });

  test('relevance is 1 where no words were asked for', async () => {
    await add({});
    expect((await pageOf({})).rows[0]?.relevance).toBe(1);
  });
});

describe('a word that more listings have than are ranked', () => {
  const MANY = 1_300;

  async function addMany(): Promise<void> {
    await add({ skill: 'first', reputation: 5 });
    // One statement: the listings of one seller, every third with another price, the last without the word.
    await sql`
      INSERT INTO listings (listing_id, seller_agent_id, skill_id, description, base_price, status, seller_display_name,
        seller_capabilities, seller_capabilities_text, seller_reputation, seller_active, created_at, updated_at)
      SELECT gen_random_uuid(), agent_id, 'typing-' || n, 'typing', 1 + n % 3, 'active', 'Somebody', '{}', '', n % 5, true, now(), now()
      FROM agents, generate_series(1, ${MANY}) AS n`.execute(database.db);
    await sql`ANALYZE listings`.execute(database.db);
  }

  test('a word that more listings have than are ranked is ranked among the best thousand by reputation and price, and counts a thousand', async () => {
    await addMany();
    const { rows: best } = await sql<{ listing_id: string }>`
      SELECT listing_id FROM listings WHERE description = 'typing'
      ORDER BY seller_reputation DESC, base_price, listing_id LIMIT ${CANDIDATES_MAX}`.execute(database.db);
    const found = await walk({ q: 'typing' }, 90);
    expect(found.map((row) => row.listing_id)).toEqual(best.map((row) => row.listing_id));
    expect((await pageOf({ q: 'typing' }, 1)).total).toBe(CANDIDATES_MAX);
  });

  test('a word that more listings have than are ranked is counted to a thousand without words too, and walked to the end', async () => {
    await addMany();
    expect((await pageOf({}, 1)).total).toBe(CANDIDATES_MAX);
    expect(new Set((await walk({}, 100)).map((row) => row.listing_id)).size).toBe(MANY + 1);
    expect((await pageOf({ maxPrice: 1n }, 1)).total).toBe(Math.floor(MANY / 3));
  });
});
