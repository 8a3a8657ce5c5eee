import { type Kysely, sql } from 'kysely';

/** In a transaction apart from the new columns': nobody may write listings while it builds these, but all may read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE INDEX listings_term_cells ON listings USING gin (
      (term_cells(words, seller_capabilities, skill_key, seller_reputation, base_price) COLLATE "C"))
    WITH (gin_pending_list_limit = 128) WHERE discoverable`.execute(db);
  await sql`ALTER INDEX listings_term_cells ALTER COLUMN 1 SET STATISTICS 0`.execute(db);
  await sql.raw('CREATE INDEX listings_unread ON listings (listing_id) WHERE words IS NULL').execute(db);
  for (const [name, columns] of [
    ['rank', 'skill_key, seller_reputation DESC, base_price, listing_id'],
    ['newest', 'skill_key, created_at DESC, listing_id DESC'],
    ['of_seller', 'seller_agent_id, skill_key'],
  ])
    await sql
      .raw(`CREATE INDEX listings_key_${name} ON listings (${columns}) WHERE discoverable`)
      .execute(db);
}
