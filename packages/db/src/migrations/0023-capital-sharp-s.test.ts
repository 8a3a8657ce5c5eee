import { foldName } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { useTestDatabase } from '../testing/index.ts';
import { addListing } from '../testing/market-fixture.ts';
import { up } from './0023-capital-sharp-s.ts';

const database = useTestDatabase();

test('a name with a capital ẞ that was folded before is found by its other spellings after the migration', async () => {
  const { db } = database;
  for (const skill of ['GROẞ', 'STRAẞE', 'Straße']) await addListing(db, { skill });
  await sql`UPDATE listings SET seller_agent_id = (SELECT seller_agent_id FROM listings LIMIT 1),
    skill_folded = CASE skill_id WHEN 'GROẞ' THEN 'groß' WHEN 'STRAẞE' THEN 'straße' ELSE 'strasse' END`.execute(
    db,
  );
  await up(db as unknown as Kysely<unknown>);
  const rows = await db.selectFrom('listings').select(['skill_id', 'skill_folded', 'skill_key']).execute();
  const folded = new Map(rows.map((row) => [row.skill_id, row.skill_folded]));
  expect(Object.fromEntries(folded)).toEqual({ GROẞ: 'gross', STRAẞE: null, Straße: 'strasse' });
  for (const { skill_id, skill_key } of rows) expect(skill_key).toBe(foldName(skill_id));
});
