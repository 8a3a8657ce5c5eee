import { expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { useTestDatabase } from '../testing/index.ts';
import { addListing } from '../testing/market-fixture.ts';
import { up } from './0011-names.ts';

const database = useTestDatabase();

test('listings of one seller that differ in spelling alone survive the migration: the oldest has the folded form', async () => {
  const { db } = database;
  await sql`DROP FUNCTION read_listing CASCADE`.execute(db); // Of a later migration, which reads the column.
  await sql`ALTER TABLE listings DROP COLUMN skill_folded`.execute(db);
  for (const skill of ['Data Entry', 'data entry', 'DATA\u00a0ENTRY', 'other'])
    await addListing(db, { skill });
  await sql`UPDATE listings SET seller_agent_id = (SELECT seller_agent_id FROM listings LIMIT 1)`.execute(db);
  await up(db as unknown as Kysely<unknown>);
  const rows = await db
    .selectFrom('listings')
    .select(['skill_id', 'skill_folded'])
    .orderBy('listing_id')
    .execute();
  const folded = rows.filter(({ skill_id }) => skill_id !== 'other').map(({ skill_folded }) => skill_folded);
  expect(folded).toEqual(['data entry', null, null]);
  expect(rows.find(({ skill_id }) => skill_id === 'other')?.skill_folded).toBe('other');
});
