import { type Kysely, sql } from 'kysely';

/** Listings folded in one statement. */
const BATCH = 1_000;

interface Row {
  readonly listing_id: string;
  readonly seller_agent_id: string;
  readonly skill_id: string;
}

/**
 * One listing for each seller and skill, however the skill is spelled. Of spellings that are there already the oldest has the
 * folded form and the others none, as have listings that older code adds: unique indexes let nulls be.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE listings ADD COLUMN skill_folded text`.execute(db);
  await sql`CREATE UNIQUE INDEX listings_seller_skill_folded ON listings (seller_agent_id, skill_folded)`.execute(
    db,
  );
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await sql<Row>`
      SELECT listing_id, seller_agent_id, skill_id FROM listings WHERE listing_id > ${after}::uuid
      ORDER BY listing_id LIMIT ${BATCH}`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) break;
    await fill(db, rows);
    after = last.listing_id;
  }
}

async function fill(db: Kysely<unknown>, rows: readonly Row[]): Promise<void> {
  const first = new Map<string, { readonly id: string; readonly folded: string }>();
  for (const { listing_id: id, seller_agent_id: seller, skill_id: skill } of rows) {
    const folded = fold(skill);
    const key = `${seller} ${folded}`;
    if (!first.has(key)) first.set(key, { id, folded });
  }
  const chosen = [...first.values()];
  await sql`
    UPDATE listings SET skill_folded = given.folded
    FROM unnest(${chosen.map(({ id }) => id)}::uuid[], ${chosen.map(({ folded }) => folded)}::text[]) AS given (id, folded)
    WHERE listings.listing_id = given.id AND NOT EXISTS (
      SELECT FROM listings AS other
      WHERE other.seller_agent_id = listings.seller_agent_id AND other.skill_folded = given.folded)`.execute(
    db,
  );
}

/** The folded form as it was when this migration landed. */
function fold(name: string): string {
  const folded = name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replace(/\s+/gu, ' ').trim();
}
