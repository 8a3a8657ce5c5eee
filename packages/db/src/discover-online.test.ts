import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import {
  CANDIDATES_MAX,
  type DiscoverCursor,
  type DiscoverFilter,
  discoverListings,
} from './queries/discover.ts';
import { ONLINE_SELLERS_MAX } from './search/online.ts';
import { addListing } from './testing/market-fixture.ts';
import { useMarket } from './testing/use-market.ts';
import { walkDiscovery } from './testing/walk-discovery.ts';

const NOW = new Date('2026-01-01T12:00:00Z');
const onlineSince = new Date('2026-01-01T11:50:00Z');

const database = useMarket();

type Listing = Parameters<typeof addListing>[1] & { readonly seen?: Date; readonly answered?: Date };

async function add({ seen, answered, ...listing }: Listing): Promise<string> {
  const id = await addListing(database.db, listing);
  await sql`
    UPDATE agents SET last_seen = ${seen ?? null}, endpoint_answered_at = ${answered ?? null} FROM listings
    WHERE listing_id = ${id} AND agent_id = seller_agent_id`.execute(database.db);
  return id;
}

/** Adds `each` listings of each of many sellers by two statements, all with the word "typing". */
async function addMany(sellers: number, each: number, how: { seen: Date | null; reputation: number }) {
  await sql`
    INSERT INTO agents (agent_id, public_key, display_name, hosting_mode, capabilities, status, reputation_as_of, webhook_secret, last_seen, created_at, updated_at)
    SELECT gen_random_uuid(), lpad(to_hex(n), 64, '0'), 'Many', 'client_only', '{}', 'active', ${NOW}, 'sealed', ${how.seen}, ${NOW}, ${NOW}
    FROM generate_series(1, ${sellers}) AS n`.execute(database.db);
  await sql`
    INSERT INTO listings (listing_id, seller_agent_id, skill_id, base_price, status, seller_display_name, seller_capabilities,
      seller_capabilities_text, seller_reputation, seller_active, created_at, updated_at)
    SELECT gen_random_uuid(), agent_id, 'typing-' || n, 10 + n, 'active', 'Many', '{}', '', ${how.reputation}, true, ${NOW}, ${NOW}
    FROM agents, generate_series(1, ${each}) AS n WHERE display_name = 'Many'`.execute(database.db);
  await sql`ANALYZE agents, listings`.execute(database.db);
}

const pageOf = (filter: DiscoverFilter, limit = 100, after?: DiscoverCursor) =>
  discoverListings(database.apiDb, { onlineSince, ...filter }, { limit, offset: 0, after });

const walk = async (filter: DiscoverFilter, limit: number) =>
  (await walkDiscovery(database.apiDb, { onlineSince, ...filter }, limit)).rows;

const idsOf = async (filter: DiscoverFilter) => (await pageOf(filter)).rows.map((row) => row.listing_id);

describe.each([
  ['without words', {}],
  ['with a word', { q: 'typing' }],
  ['of one skill', { skillId: 'typing' }],
  ['of a capability', { capability: 'fast' }],
])('discovery of who is online %s', (_how, base: DiscoverFilter) => {
  const offer = { skill: 'typing', capabilities: ['fast'] };

  test('a search for online sellers finds those who were seen or whose endpoint answered after that moment, and no others', async () => {
    const seen = await add({ ...offer, seen: NOW, price: 1n });
    const answered = await add({ ...offer, answered: NOW, price: 2n });
    const both = await add({ ...offer, seen: new Date(0), answered: NOW, price: 3n });
    await add({ ...offer, seen: onlineSince });
    await add({ ...offer, answered: onlineSince });
    await add(offer);
    await add({ ...offer, seen: NOW, sellerStatus: 'suspended' });
    await add({ ...offer, seen: NOW, status: 'paused' });
    expect(await pageOf(base)).toMatchObject({ total: 3 });
    expect(await idsOf(base)).toEqual([seen, answered, both]);
  });

  test('ranks by reputation, then price, and narrows by rating and price', async () => {
    const dear = await add({ ...offer, seen: NOW, reputation: 4.5, price: 300n });
    const best = await add({ ...offer, seen: NOW, reputation: 4.51, price: 9_000n });
    const unrated = await add({ ...offer, seen: NOW, price: 1n });
    const cheap = await add({ ...offer, seen: NOW, reputation: 4.5, price: 200n });
    expect(await idsOf(base)).toEqual([best, cheap, dear, unrated]);
    expect(await idsOf({ ...base, minRating: 4.5, maxPrice: 300n })).toEqual([cheap, dear]);
    expect(await idsOf({ ...base, maxPrice: 199n })).toEqual([unrated]);
  });

  test('a search for online sellers does not find what does not match', async () => {
    await add({ skill: 'juggling', capabilities: ['slow'], seen: NOW });
    const matching = Object.keys(base).length === 0 ? 1 : 0;
    expect(await pageOf(base)).toMatchObject({ total: matching });
  });
});

describe('who is online', () => {
  test('who is online is found among more sellers who are offline and rank higher than are ranked at all', async () => {
    await addMany(CANDIDATES_MAX + 200, 1, { seen: null, reputation: 5 });
    const fresh = await add({ skill: 'typing', seen: NOW, price: 50_000n });
    expect(await idsOf({})).toEqual([fresh]);
    expect(await idsOf({ q: 'typing' })).toEqual([fresh]);
  });

  test('who is online is found where more are online than are searched one by one, if it ranks among the best', async () => {
    await addMany(ONLINE_SELLERS_MAX + 100, 1, { seen: NOW, reputation: 1 });
    const best = await add({ skill: 'typing', seen: new Date(onlineSince.getTime() + 1), reputation: 5 });
    expect((await idsOf({ q: 'typing' }))[0]).toBe(best);
    expect((await idsOf({}))[0]).toBe(best);
  });

  test.each([{}, { q: 'typing' }])(
    'has everybody’s best three before anybody’s fourth, page after page: %p',
    async (filter) => {
      await addMany(8, 5, { seen: NOW, reputation: 2 });
      await add({ skill: 'typing', seen: NOW, price: 50_000n });
      const whole = (await pageOf(filter)).rows;
      expect(whole.map((row) => row.tier)).toEqual([
        ...Array<number>(25).fill(0),
        ...Array<number>(16).fill(1),
      ]);
      for (const limit of [1, 7, 40]) expect(await walk(filter, limit)).toEqual(whole);
    },
  );

  test('who is online is counted to a thousand, and walked to the end', async () => {
    await addMany(300, 4, { seen: NOW, reputation: 3 });
    expect((await pageOf({}, 1)).total).toBe(CANDIDATES_MAX);
    expect(new Set((await walk({}, 100)).map((row) => row.listing_id)).size).toBe(1_200);
  });
});
