import { type Kysely, sql } from 'kysely';

// What discovery reads of a seller stands in the listing itself, so that one index scan answers a search.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE listings (
      listing_id uuid PRIMARY KEY,
      seller_agent_id uuid NOT NULL REFERENCES agents,
      skill_id text NOT NULL,
      description text,
      base_price bigint NOT NULL CHECK (base_price > 0 AND base_price <= 100000000),
      sla json,
      status text NOT NULL CHECK (status IN ('active', 'paused', 'archived')),
      seller_display_name text NOT NULL,
      seller_capabilities text[] NOT NULL,
      seller_capabilities_text text NOT NULL,
      seller_reputation numeric(3, 2) NOT NULL DEFAULT 0,
      seller_active boolean NOT NULL,
      discoverable boolean NOT NULL GENERATED ALWAYS AS (status = 'active' AND seller_active) STORED,
      search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('english', replace(skill_id, '-', ' ') || ' ' || skill_id), 'A') ||
        setweight(to_tsvector('english', replace(seller_capabilities_text, '-', ' ')), 'B') ||
        setweight(to_tsvector('english', coalesce(description, '')), 'C') ||
        setweight(to_tsvector('simple', seller_display_name), 'D')
      ) STORED,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL,
      UNIQUE (seller_agent_id, skill_id)
    )`.execute(db);
  await sql`CREATE INDEX listings_search ON listings USING gin (search) WHERE discoverable`.execute(db);
  await sql`CREATE INDEX listings_capabilities ON listings USING gin (seller_capabilities) WHERE discoverable`.execute(
    db,
  );
  await sql`CREATE INDEX listings_rank ON listings (seller_reputation DESC, base_price, listing_id) WHERE discoverable`.execute(
    db,
  );
  await sql`CREATE INDEX listings_skill_rank ON listings (skill_id, seller_reputation DESC, base_price, listing_id) WHERE discoverable`.execute(
    db,
  );
  await sql`CREATE INDEX listings_newest ON listings (created_at DESC, listing_id DESC) WHERE discoverable`.execute(
    db,
  );
  await sql`CREATE INDEX listings_skill_newest ON listings (skill_id, created_at DESC, listing_id DESC) WHERE discoverable`.execute(
    db,
  );
  await sql`CREATE INDEX listings_of_seller ON listings (seller_agent_id, created_at DESC, listing_id DESC)`.execute(
    db,
  );
  await sql`CREATE INDEX listings_price ON listings (base_price, listing_id) WHERE discoverable`.execute(db);

  // Every word of every listing, once: where a misspelt word is looked up by its trigrams. It stays small when the
  // listings do not, which trigrams over the listings themselves would not.
  await sql`CREATE TABLE search_words (word text PRIMARY KEY)`.execute(db);
  await sql`CREATE INDEX search_words_trigram ON search_words USING gin (word gin_trgm_ops)`.execute(db);
  await sql`
    CREATE FUNCTION note_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO search_words
        SELECT DISTINCT word FROM new_rows, unnest(tsvector_to_array(search)) AS word
        WHERE length(word) BETWEEN 3 AND 64 ORDER BY word
        ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER listings_words_inserted AFTER INSERT ON listings
      REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_search_words()`.execute(db);
  await sql`
    CREATE TRIGGER listings_words_updated AFTER UPDATE ON listings
      REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_search_words()`.execute(db);
}
