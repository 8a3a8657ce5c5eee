import { type Kysely, sql } from 'kysely';

/** Who is online: when an endpoint last answered 2xx, and the sellers by when they were last seen or answered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE agents ADD COLUMN endpoint_answered_at timestamptz`.execute(db);
  // Buyers are not searched, however many of them are online. By a trigger, so that older code marks sellers too.
  await sql`ALTER TABLE agents ADD COLUMN is_seller boolean NOT NULL DEFAULT false`.execute(db);
  await sql`
    UPDATE agents SET is_seller = true
    WHERE EXISTS (SELECT FROM listings WHERE listings.seller_agent_id = agents.agent_id)`.execute(db);
  await sql`
    CREATE FUNCTION mark_sellers() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE agents SET is_seller = true
      WHERE agent_id IN (SELECT seller_agent_id FROM new_rows) AND NOT is_seller;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER listings_mark_sellers AFTER INSERT ON listings
      REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION mark_sellers()`.execute(db);
  await sql`
    CREATE INDEX agents_online_sellers ON agents ((greatest(last_seen, endpoint_answered_at)) DESC)
    WHERE is_seller AND status = 'active'`.execute(db);
  await sql`
    CREATE INDEX listings_seller_rank ON listings (seller_agent_id, base_price, listing_id) WHERE discoverable`.execute(
    db,
  );
}
