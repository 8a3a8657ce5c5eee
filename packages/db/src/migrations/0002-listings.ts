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
  await sql`CREATE INDEX listings_skill_trigram ON listings USING gin (skill_id gin_trgm_ops) WHERE discoverable`.execute(
    db,
  );
  await sql`CREATE INDEX listings_name_trigram ON listings USING gin (seller_display_name gin_trgm_ops) WHERE discoverable`.execute(
    db,
  );
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
}
