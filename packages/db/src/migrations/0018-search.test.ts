import { expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { discoverListings } from '../queries/discover.ts';
import { countSearchTerms, fillSearchColumns } from '../queries/search-maintenance.ts';
import { useTestDatabase } from '../testing/index.ts';
import { addListing } from '../testing/market-fixture.ts';
import { up } from './0018-search.ts';
import { up as createIndexes } from './0019-search-indexes.ts';

const database = useTestDatabase();

/** The schema as it was before, but for what later migrations add. */
async function undo(): Promise<void> {
  const { db } = database;
  await sql`DROP TABLE search_lexemes, search_changes CASCADE`.execute(db);
  await sql`ALTER TABLE listings DROP COLUMN words CASCADE, DROP COLUMN skill_key CASCADE`.execute(db);
  for (const name of [
    'read_listing',
    'count_terms',
    'term_cells',
    'listing_terms',
    'listing_words',
    'search_tokens',
    'search_without_accents',
    'search_fold',
  ])
    await sql.raw(`DROP FUNCTION IF EXISTS ${name} CASCADE`).execute(db);
}

test('listings from before are found by their words and by any spelling of their skill once they are filled in', async () => {
  const { db } = database;
  await undo();
  const ids: string[] = [];
  for (const listing of [
    { skill: 'Data Entry', description: '請求書処理' },
    { skill: 'data\u00a0entry', description: 'résumé' },
  ])
    ids.push(await addListing(db, listing));
  await sql`UPDATE listings SET skill_folded = 'data entry' WHERE skill_id = 'Data Entry'`.execute(db);
  await up(db as unknown as Kysely<unknown>);
  await createIndexes(db as unknown as Kysely<unknown>);
  const during = await addListing(db, { skill: 'DATA ENTRY', description: 'Resume' });
  await fillSearchColumns(db);
  const find = async (filter: { q?: string; skillId?: string }) =>
    (await discoverListings(database.apiDb, filter, { limit: 10, offset: 0 })).rows.map(
      (row) => row.listing_id,
    );
  expect(await find({ q: '処理' })).toEqual([ids[0]]);
  expect(await find({ q: 'resume' })).toEqual([during, ids[1]]);
  expect((await find({ skillId: 'ＤＡＴＡ entry' })).toSorted()).toEqual([...ids, during].toSorted());
  await database.dispatcherDb.transaction().execute((trx) => countSearchTerms(trx, new Date(0), 100));
  const { rows } =
    await sql`SELECT listings::integer FROM search_lexemes WHERE lexeme = '=data entry'`.execute(db);
  expect(rows).toEqual([{ listings: 3 }]);
});
