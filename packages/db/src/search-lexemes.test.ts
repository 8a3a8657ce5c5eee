import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { discoverListings } from './queries/discover.ts';
import { countSearchTerms, deleteUnusedTerms } from './queries/search-maintenance.ts';
import { addListing } from './testing/market-fixture.ts';
import { untilOneWaits } from './testing/until-one-waits.ts';
import { useMarket } from './testing/use-market.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-01-01T01:00:00Z');
const BATCH = 3;

const database = useMarket();

const find = async (q: string) =>
  (await discoverListings(database.apiDb, { q }, { limit: 100, offset: 0 })).rows.map(
    (row) => row.listing_id,
  );

/** What the sweep does, to its end. */
async function sweep(): Promise<void> {
  const repeat = async (work: () => Promise<number>) => {
    while ((await work()) > 0);
  };
  const { dispatcherDb } = database;
  await repeat(() => dispatcherDb.transaction().execute((trx) => countSearchTerms(trx, NOW, BATCH)));
  await repeat(() => dispatcherDb.transaction().execute((trx) => deleteUnusedTerms(trx, LATER, BATCH)));
}

const archive = (id: string) =>
  sql`UPDATE listings SET status = 'archived' WHERE listing_id = ${id}`.execute(database.apiDb);

/** The terms that the table has otherwise than the listings do. */
async function findFaults() {
  const { rows } = await sql`
    SELECT lexeme, known.listings::integer AS says, counted.listings::integer AS are FROM search_lexemes AS known FULL JOIN (
      SELECT lexeme, count(*) AS listings FROM listings, unnest(listing_terms(words, seller_capabilities, skill_key)) AS lexeme
      WHERE discoverable GROUP BY lexeme) AS counted USING (lexeme)
    WHERE known.listings IS DISTINCT FROM counted.listings`.execute(database.db);
  return rows;
}

describe('a slip of somebody’s', () => {
  test('that was listed once and archived does not keep the word it was meant for from being found', async () => {
    const right = await addListing(database.db, { description: 'translation' });
    const wrong = await addListing(database.db, { description: 'translatoin' });
    expect(await find('translatoin')).toEqual([wrong]);
    await archive(wrong);
    await sweep();
    expect(await find('translatoin')).toEqual([right]);
  });

  test('that is listed is found first, and after it what far more listings call nearly so', async () => {
    for (let index = 0; index < 12; index += 1) await addListing(database.db, { skill: 'translation' });
    const wrong = await addListing(database.db, { seller: 'Translatoin', price: 9_000n });
    await sweep();
    const found = await find('translatoin');
    expect(found[0]).toBe(wrong);
    expect(found.length).toBe(13);
    expect(await find('translation')).toEqual(found.slice(1));
  });

  test('a slip of somebody’s does not bring what few listings more call nearly so', async () => {
    for (let index = 0; index < 3; index += 1) await addListing(database.db, { skill: 'translation' });
    const other = await addListing(database.db, { description: 'translatoin' });
    await sweep();
    expect(await find('translatoin')).toEqual([other]);
  });
});

test('a new word is found misspelt as soon as it is listed, before the sweep has counted it', async () => {
  const id = await addListing(database.db, { description: 'beekeeping' });
  expect(await find('beekeepign')).toEqual([id]);
});

test('how many listings have a term follows every change of what they say, of their status and of their seller', async () => {
  const text = fc.constantFrom('one word', 'another word', 'Málaga', '請求書', 'the');
  const change = fc.oneof(
    fc.record({ add: text }),
    text.map((to) => ({ set: sql`description = ${to}` })),
    fc.constantFrom('active', 'paused').map((to) => ({ set: sql`status = ${to}` })),
    fc.boolean().map((to) => ({ set: sql`seller_active = ${to}` })),
    fc.constant({ set: sql`seller_capabilities = '{a,b}', seller_capabilities_text = 'a b'` }),
    fc.constant({ set: sql`base_price = base_price + 1` }),
    fc.constant({ remove: true }),
    fc.constant({ sweep: true }),
  );
  type Change = { add?: string; set?: ReturnType<typeof sql>; remove?: true; sweep?: true };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(change, fc.nat(3)), { maxLength: 12 }), async (changes) => {
      await database.empty();
      for (const [step, nth] of changes as [Change, number][]) {
        const which = sql`listing_id IN (SELECT listing_id FROM listings ORDER BY listing_id OFFSET ${nth} LIMIT 2)`;
        if (step.add !== undefined)
          await addListing(database.db, { description: step.add, capabilities: ['a'] });
        if (step.set !== undefined)
          await sql`UPDATE listings SET ${step.set} WHERE ${which}`.execute(database.apiDb);
        if (step.remove) await sql`DELETE FROM listings WHERE ${which}`.execute(database.db);
        if (step.sweep) await sweep();
      }
      await sweep();
      expect(await findFaults()).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('a term that nobody had is listed anew while the sweep forgets it, and is kept', async () => {
  await archive(await addListing(database.db, { description: 'zebra' }));
  await database.dispatcherDb.transaction().execute((trx) => countSearchTerms(trx, NOW, 100));
  let added: Promise<string> | undefined;
  await database.dispatcherDb.transaction().execute(async (trx) => {
    expect(await deleteUnusedTerms(trx, LATER, 100)).toBeGreaterThan(0);
    added = addListing(database.db, { description: 'zebra' });
    await untilOneWaits(database.db);
  });
  const id = await added;
  expect(await find('zebra')).toEqual([id]);
  await sweep();
  expect(await findFaults()).toEqual([]);
});

test('listings that add the same new words at once never wait for one another in a circle', async () => {
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`);
  const orders = Array.from({ length: 8 }, (_, index) => [
    ...words.slice(index * 5),
    ...words.slice(0, index * 5),
  ]);
  await Promise.all(orders.map((order) => addListing(database.db, { description: order.join(' ') })));
  await sweep();
  expect(await findFaults()).toEqual([]);
});
