import { type Kysely, sql } from 'kysely';
import { createTokeniser } from './0018-tokeniser.ts';

const ROLES = 'registry_api, registry_dispatcher';

/**
 * Search in every script. `words` and `skill_key` are null for the listings of before, until `fillSearchColumns` has filled
 * them in; triggers fill them for what older code writes. Older code goes on reading `search`, `search_words` and their indexes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTokeniser(db);
  await addColumns(db);
  await createTerms(db);
  await countTerms(db);
  await sql
    .raw(`GRANT SELECT, INSERT, UPDATE, DELETE ON search_lexemes, search_changes TO ${ROLES}`)
    .execute(db);
}

async function addColumns(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE listings ADD COLUMN words tsvector, ADD COLUMN skill_key text`.execute(db);
  // As foldName of the wire has it, for a second spelling from before there was skill_folded.
  await sql`
    CREATE FUNCTION read_listing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.words := public.listing_words(NEW.skill_id, NEW.seller_capabilities_text, NEW.description, NEW.seller_display_name);
      NEW.skill_key := coalesce(NEW.skill_folded, btrim(regexp_replace(
        normalize(lower(upper(normalize(NEW.skill_id, NFKC) COLLATE "und-x-icu")), NFKC), '\\s+', ' ', 'g')));
      RETURN NEW;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER listings_read_inserted BEFORE INSERT ON listings FOR EACH ROW EXECUTE FUNCTION read_listing()`.execute(
    db,
  );
  await sql`
    CREATE TRIGGER listings_read_updated BEFORE UPDATE ON listings FOR EACH ROW
    WHEN (NEW.words IS NULL
      OR (OLD.skill_id, OLD.skill_folded, OLD.seller_capabilities_text, OLD.description, OLD.seller_display_name) IS DISTINCT FROM
        (NEW.skill_id, NEW.skill_folded, NEW.seller_capabilities_text, NEW.description, NEW.seller_display_name))
    EXECUTE FUNCTION read_listing()`.execute(db);
}

async function createTerms(db: Kysely<unknown>): Promise<void> {
  // What a search may ask of a listing: its words, its capabilities after a #, its skill after a =.
  await sql`
    CREATE FUNCTION listing_terms(words tsvector, capabilities text[], skill_key text) RETURNS text[]
      LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
      CASE WHEN words IS NOT NULL THEN
        string_to_array('=' || skill_key || E'\\n' || array_to_string(tsvector_to_array(words), E'\\n')
          || CASE WHEN cardinality(capabilities) = 0 THEN '' ELSE E'\\n#' || array_to_string(capabilities, E'\\n#') END, E'\\n')
      END`.execute(db);
  // As listing_cells: each term with the cell of (reputation, price) that the listing falls into.
  await sql`
    CREATE FUNCTION term_cells(words tsvector, capabilities text[], skill_key text, reputation numeric, price bigint) RETURNS text[]
      LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    DECLARE
      cell text := ' ' || public.listing_cell(reputation, price);
    BEGIN
      RETURN string_to_array(array_to_string(public.listing_terms(words, capabilities, skill_key), cell || E'\\n') || cell, E'\\n');
    END $$`.execute(db);
}

/**
 * How many discoverable listings have each term. A change of listings adds its difference to a queue, which the sweep sums up:
 * were it added here, every change would wait for the row of "the". Only a term that nobody has yet is written at once, so what
 * is not in the table is in no listing; `emptied_at` keeps that true for as long as a change may still be under way.
 */
async function countTerms(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE search_lexemes (
      lexeme text PRIMARY KEY,
      listings bigint NOT NULL DEFAULT 0,
      emptied_at timestamptz
    )`.execute(db);
  await sql`
    CREATE INDEX search_lexemes_trigram ON search_lexemes USING gin (lexeme gin_trgm_ops)
    WITH (gin_pending_list_limit = 128) WHERE lexeme !~ '^[#=]'`.execute(db);
  await sql`CREATE INDEX search_lexemes_empty ON search_lexemes (emptied_at) WHERE emptied_at IS NOT NULL`.execute(
    db,
  );
  await sql`
    CREATE TABLE search_changes (
      change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      removed text[],
      added text[]
    )`.execute(db);
  await sql`
    CREATE FUNCTION note_changed_terms(changes search_changes[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      -- In order, so that two statements that bring the same new terms never wait for each other in a circle.
      INSERT INTO search_lexemes
        SELECT DISTINCT term FROM unnest(changes) AS change, unnest(change.added) AS term
        WHERE NOT EXISTS (SELECT FROM search_lexemes WHERE lexeme = term AND emptied_at IS NULL) ORDER BY term
        ON CONFLICT (lexeme) DO UPDATE SET emptied_at = NULL;
      INSERT INTO search_changes (removed, added) SELECT change.removed, change.added FROM unnest(changes) AS change;
    END $$`.execute(db);
  const terms = (row: string) =>
    `CASE WHEN ${row}.discoverable THEN listing_terms(${row}.words, ${row}.seller_capabilities, ${row}.skill_key) END`;
  await sql
    .raw(`
    CREATE FUNCTION count_terms() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        PERFORM note_changed_terms(array_agg((NULL, NULL, ${terms('new_rows')})::search_changes)) FROM new_rows WHERE discoverable;
      ELSIF TG_OP = 'DELETE' THEN
        PERFORM note_changed_terms(array_agg((NULL, ${terms('old_rows')}, NULL)::search_changes)) FROM old_rows WHERE discoverable;
      ELSE -- A change of price or reputation changes no term.
        PERFORM note_changed_terms(array_agg((NULL, ${terms('old_rows')}, ${terms('new_rows')})::search_changes))
        FROM new_rows JOIN old_rows USING (listing_id)
        WHERE (old_rows.discoverable OR new_rows.discoverable)
          AND (old_rows.discoverable, old_rows.words, old_rows.seller_capabilities, old_rows.skill_key) IS DISTINCT FROM
            (new_rows.discoverable, new_rows.words, new_rows.seller_capabilities, new_rows.skill_key);
      END IF;
      RETURN NULL;
    END $$`)
    .execute(db);
  for (const [event, tables] of [
    ['INSERT', 'NEW TABLE AS new_rows'],
    ['DELETE', 'OLD TABLE AS old_rows'],
    ['UPDATE', 'OLD TABLE AS old_rows NEW TABLE AS new_rows'],
  ] as const)
    await sql
      .raw(
        `CREATE TRIGGER listings_terms_${event.toLowerCase()} AFTER ${event} ON listings REFERENCING ${tables}
         FOR EACH STATEMENT EXECUTE FUNCTION count_terms()`,
      )
      .execute(db);
}
