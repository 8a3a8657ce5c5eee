import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import type { Db } from '../create-db.ts';
import { addListing } from '../testing/market-fixture.ts';
import { untilOneWaits } from '../testing/until-one-waits.ts';
import { useMarket } from '../testing/use-market.ts';
import { up } from './0016-listing-tiers.ts';

const SELLERS = 2;
const LISTINGS = 6;

const database = useMarket();

/** Adds listings of two sellers in turn, at prices that repeat. Returns their ids, those of one seller after those of the other. */
async function addCrowd(): Promise<string[]> {
  const ids: string[] = [];
  for (let seller = 0; seller < SELLERS; seller += 1) {
    const first = await addListing(database.db, { skill: 'skill-0', price: 2n });
    ids.push(first);
    for (let n = 1; n < LISTINGS; n += 1) {
      const { rows } = await sql<{ listing_id: string }>`
        INSERT INTO listings (listing_id, seller_agent_id, skill_id, base_price, status, seller_display_name, seller_capabilities,
          seller_capabilities_text, seller_reputation, seller_active, created_at, updated_at)
        SELECT gen_random_uuid(), seller_agent_id, 'skill-' || ${n}::integer, ${BigInt(n % 3) + 1n}, status, seller_display_name,
          seller_capabilities, '', 0, seller_active, created_at, updated_at FROM listings WHERE listing_id = ${first}
        RETURNING listing_id`.execute(database.apiDb);
      ids.push(rows[0]!.listing_id);
    }
  }
  return ids;
}

/** The listings whose tier is not what the rule says. */
async function findFaults(db: Db) {
  const { rows } = await sql`
    SELECT * FROM (
      SELECT listing_id, tier, (row_number() OVER (PARTITION BY seller_agent_id ORDER BY base_price, listing_id) > 3)::integer AS rule
      FROM listings WHERE discoverable) AS compared WHERE tier <> rule`.execute(db);
  return rows;
}

const firsts = (db: Db) =>
  sql<{ listing_id: string }>`SELECT listing_id FROM listings WHERE discoverable AND tier = 0`
    .execute(db)
    .then(({ rows }) => rows.map((row) => row.listing_id));

test('the tiers of a seller’s listings follow every change of price, of status and of the seller', async () => {
  const change = fc.oneof(
    fc.record({
      set: fc.bigInt({ min: 1n, max: 4n }).map((price) => sql`base_price = ${price}`),
      of: fc.nat(SELLERS * LISTINGS - 1),
    }),
    fc.record({
      set: fc.constantFrom('active', 'paused', 'archived').map((status) => sql`status = ${status}`),
      of: fc.nat(SELLERS * LISTINGS - 1),
    }),
    fc.record({
      set: fc.boolean().map((active) => sql`seller_active = ${active}`),
      of: fc.nat(SELLERS * LISTINGS - 1),
      all: fc.constant(true),
    }),
    fc.record({ remove: fc.constant(true), of: fc.nat(SELLERS * LISTINGS - 1) }),
  );
  type Change = { set?: ReturnType<typeof sql>; of: number; all?: boolean; remove?: boolean };
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes: Change[]) => {
      await database.empty();
      const ids = await addCrowd();
      expect(await findFaults(database.db)).toEqual([]);
      for (const { set, of, all, remove } of changes) {
        const id = ids[of]!;
        const which = all
          ? sql`seller_agent_id = (SELECT seller_agent_id FROM listings WHERE listing_id = ${id})`
          : sql`listing_id = ${id}`;
        if (remove) await sql`DELETE FROM listings WHERE ${which}`.execute(database.db);
        else await sql`UPDATE listings SET ${set!} WHERE ${which}`.execute(database.dispatcherDb);
        expect(await findFaults(database.db)).toEqual([]);
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('two listings that become cheap at once are each counted with the other', async () => {
  const ids = await addCrowd();
  await sql`UPDATE listings SET base_price = 10`.execute(database.db);
  const { rows } = await sql<{ listing_id: string }>`
    SELECT listing_id FROM listings WHERE tier = 1 AND listing_id = ANY(${ids.slice(0, LISTINGS)}::uuid[])`.execute(
    database.db,
  );
  const cheapen = (db: Db, { listing_id }: { listing_id: string }) =>
    sql`UPDATE listings SET base_price = 1 WHERE listing_id = ${listing_id}`.execute(db);
  const second: Promise<unknown>[] = [];
  await database.apiDb.transaction().execute(async (trx) => {
    await cheapen(trx, rows[0]!);
    second.push(cheapen(database.apiDb, rows[1]!));
    await untilOneWaits(database.db);
  });
  await Promise.all(second);
  expect(await findFaults(database.db)).toEqual([]);
});

test('a change that moves no listing over the bound writes no other listing', async () => {
  const last = (await addCrowd()).at(-1)!;
  const versions = () =>
    sql`SELECT listing_id, xmin::text FROM listings WHERE listing_id <> ${last} ORDER BY listing_id`
      .execute(database.db)
      .then(({ rows }) => rows);
  const before = await versions();
  for (const price of [50, 60])
    await sql`UPDATE listings SET base_price = ${price} WHERE listing_id = ${last}`.execute(database.db);
  expect(await versions()).toEqual(before);
  expect(before.length).toBe(SELLERS * LISTINGS - 1);
});

test('listings from before there were tiers have them after the migration', async () => {
  await addCrowd();
  const { db } = database;
  const kept = await firsts(db);
  await sql`DROP FUNCTION rank_changed_listings CASCADE`.execute(db);
  await sql`DROP FUNCTION rank_listings_of`.execute(db);
  await sql`ALTER TABLE listings DROP COLUMN tier CASCADE`.execute(db);
  await sql`DROP FUNCTION capability_cells`.execute(db);
  await up(db as unknown as Kysely<unknown>);
  expect((await firsts(db)).toSorted()).toEqual(kept.toSorted());
  expect(kept.length).toBe(SELLERS * 3);
  expect(await findFaults(db)).toEqual([]);
});
