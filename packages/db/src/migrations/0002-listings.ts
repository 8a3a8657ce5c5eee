import { type Kysely, sql } from 'kysely';

// What discovery reads of a seller stands in the listing itself, so that one index scan answers a search.
export async function up(db: Kysely<unknown>): Promise<void> {
  // One reading of words for what is stored and what is asked: runs of letters and digits, so that "node.js" and
  // "data-entry" are two words each and not a host and a compound.
  await sql`
    CREATE FUNCTION search_text(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT lower(regexp_replace($1, '[^[:alnum:]]+', ' ', 'g')) $$`.execute(db);
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
        setweight(to_tsvector('english', search_text(skill_id)), 'A') ||
        setweight(to_tsvector('english', search_text(seller_capabilities_text)), 'B') ||
        setweight(to_tsvector('english', search_text(coalesce(description, ''))), 'C') ||
        setweight(to_tsvector('simple', search_text(seller_display_name)), 'D')
      ) STORED,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL,
      UNIQUE (seller_agent_id, skill_id)
    ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02,
      autovacuum_analyze_scale_factor = 0.02)`.execute(db);
  // Discovery wants the best thousand of all listings with a word, however many have it. So each word of a listing is
  // indexed together with the cell of (reputation, price) that the listing falls into: a search asks for the word in
  // the best cells first, and stops when it has enough. search/cells.ts reads these cells; a test keeps the two in step.
  await sql`
    CREATE FUNCTION listing_cell(reputation numeric, price bigint) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN reputation = 0
        THEN width_bucket(price, '{2,4,8,16,32,64,128,256,512,1024,2048,4096,8192,16384,32768,65536,131072,262144,524288,1048576,2097152,4194304,8388608,16777216,33554432,67108864}'::bigint[])
        ELSE 100 + 4 * width_bucket((reputation * 100)::integer, '{25,50,75,100,125,150,175,200,225,250,275,300,325,350,352,354,356,358,360,362,364,366,368,370,372,374,376,378,380,382,384,386,388,390,392,394,396,398,400,401,402,403,404,405,406,407,408,409,410,411,412,413,414,415,416,417,418,419,420,421,422,423,424,425,426,427,428,429,430,431,432,433,434,435,436,437,438,439,440,441,442,443,444,445,446,447,448,449,450,451,452,453,454,455,456,457,458,459,460,461,462,463,464,465,466,467,468,469,470,471,472,473,474,475,476,477,478,479,480,481,482,483,484,485,486,487,488,489,490,491,492,493,494,495,496,497,498,499,500}'::integer[])
          + width_bucket(price, '{500,5000,50000}'::bigint[]) END $$`.execute(db);
  await sql`
    CREATE FUNCTION listing_cells(search tsvector, capabilities text[], skill_id text, reputation numeric, price bigint)
      RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    DECLARE
      cell text := ' ' || public.listing_cell(reputation, price);
    BEGIN
      -- By way of one string, because a million calls take seconds so, and minutes by unnest and array_agg.
      RETURN string_to_array(array_to_string(tsvector_to_array(search), cell || E'\\n') || cell
        || CASE WHEN cardinality(capabilities) = 0 THEN ''
           ELSE E'\\n#' || array_to_string(capabilities, cell || E'\\n#') || cell END, E'\\n')
        || ('=' || skill_id || cell);
    END $$`.execute(db);
  // What waits in the pending list is read by every search, so the list is kept short.
  await sql`
    CREATE INDEX listings_cells ON listings USING gin (
      (listing_cells(search, seller_capabilities, skill_id, seller_reputation, base_price) COLLATE "C"))
    WITH (gin_pending_list_limit = 128) WHERE discoverable`.execute(db);
  // Every search brings its own cells, of which statistics say nothing.
  await sql`ALTER INDEX listings_cells ALTER COLUMN 1 SET STATISTICS 0`.execute(db);
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

  // Every word of every listing, once: where a misspelt word is looked up by its trigrams. It stays small when the
  // listings do not, which trigrams over the listings themselves would not.
  await sql`CREATE TABLE search_words (word text PRIMARY KEY)`.execute(db);
  await sql`CREATE INDEX search_words_trigram ON search_words USING gin (word gin_trgm_ops) WITH (gin_pending_list_limit = 128)`.execute(
    db,
  );
  await sql`
    CREATE FUNCTION note_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO search_words
          SELECT DISTINCT word FROM new_rows, unnest(tsvector_to_array(search)) AS word
          WHERE length(word) BETWEEN 3 AND 64 ORDER BY word
          ON CONFLICT DO NOTHING;
      ELSE -- A change of price or reputation brings no new word.
        INSERT INTO search_words
          SELECT DISTINCT word FROM new_rows JOIN old_rows USING (listing_id), unnest(tsvector_to_array(new_rows.search)) AS word
          WHERE length(word) BETWEEN 3 AND 64 AND new_rows.search <> old_rows.search ORDER BY word
          ON CONFLICT DO NOTHING;
      END IF;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER listings_words_inserted AFTER INSERT ON listings
      REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_search_words()`.execute(db);
  await sql`
    CREATE TRIGGER listings_words_updated AFTER UPDATE ON listings
      REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION note_search_words()`.execute(db);
}
