import { type Kysely, sql } from 'kysely';

/**
 * The tier of a listing: 0 for the first three of its seller's discoverable ones by price, 1 for the others, so that a seller with
 * many listings does not fill the first pages. What is not discoverable keeps the tier it had.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE listings ADD COLUMN tier smallint NOT NULL DEFAULT 0`.execute(db);
  await sql`
    UPDATE listings SET tier = 1 FROM (
      SELECT listing_id, row_number() OVER (PARTITION BY seller_agent_id ORDER BY base_price, listing_id) AS place
      FROM listings WHERE discoverable) AS ranked
    WHERE listings.listing_id = ranked.listing_id AND place > 3`.execute(db);
  await createIndexes(db);
  await createTriggers(db);
}

async function createIndexes(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE INDEX listings_tier_rank ON listings (tier, seller_reputation DESC, base_price, listing_id)
    WHERE discoverable`.execute(db);
  // As listings_cells, for capabilities alone, with the cells of the second tier 1,000 further.
  await sql`
    CREATE FUNCTION capability_cells(capabilities text[], tier smallint, reputation numeric, price bigint)
      RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    DECLARE
      cell text := ' ' || (tier * 1000 + public.listing_cell(reputation, price));
    BEGIN
      RETURN CASE WHEN cardinality(capabilities) = 0 THEN '{}'::text[]
        ELSE string_to_array('#' || array_to_string(capabilities, cell || E'\\n#') || cell, E'\\n') END;
    END $$`.execute(db);
  await sql`
    CREATE INDEX listings_capability_cells ON listings USING gin (
      (capability_cells(seller_capabilities, tier, seller_reputation, base_price) COLLATE "C"))
    WITH (gin_pending_list_limit = 128) WHERE discoverable`.execute(db);
  await sql`ALTER INDEX listings_capability_cells ALTER COLUMN 1 SET STATISTICS 0`.execute(db);
}

/** By triggers, so that older code keeps the tiers too. A change of reputation moves all listings of a seller alike. */
async function createTriggers(db: Kysely<unknown>): Promise<void> {
  // Under the seller's lock, without which two changes at once would each count without the other.
  await sql`
    CREATE FUNCTION rank_listings_of(sellers uuid[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF sellers IS NULL THEN RETURN; END IF;
      PERFORM FROM agents WHERE agent_id = ANY(sellers) ORDER BY agent_id FOR NO KEY UPDATE;
      UPDATE listings SET tier = ranked.tier FROM (
        SELECT listing_id, (row_number() OVER (PARTITION BY seller_agent_id ORDER BY base_price, listing_id) > 3)::integer AS tier
        FROM listings WHERE discoverable AND seller_agent_id = ANY(sellers)) AS ranked
      WHERE listings.listing_id = ranked.listing_id AND listings.tier <> ranked.tier;
    END $$`.execute(db);
  await sql`
    CREATE FUNCTION rank_changed_listings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        PERFORM rank_listings_of(array_agg(DISTINCT seller))
        FROM old_rows JOIN new_rows USING (listing_id),
          LATERAL (VALUES (old_rows.seller_agent_id), (new_rows.seller_agent_id)) AS either (seller)
        WHERE (old_rows.seller_agent_id, old_rows.base_price, old_rows.discoverable)
          <> (new_rows.seller_agent_id, new_rows.base_price, new_rows.discoverable);
      ELSE
        PERFORM rank_listings_of(array_agg(DISTINCT seller_agent_id)) FROM changed_rows WHERE discoverable;
      END IF;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER listings_rank_inserted AFTER INSERT ON listings
      REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION rank_changed_listings()`.execute(
    db,
  );
  await sql`
    CREATE TRIGGER listings_rank_deleted AFTER DELETE ON listings
      REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION rank_changed_listings()`.execute(
    db,
  );
  await sql`
    CREATE TRIGGER listings_rank_updated AFTER UPDATE ON listings
      REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION rank_changed_listings()`.execute(db);
}
