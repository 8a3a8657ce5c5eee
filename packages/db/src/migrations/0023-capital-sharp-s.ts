import { type Kysely, sql } from 'kysely';

/**
 * The capital ẞ folds to ss, as ß does: names that were folded before kept a ß, which no other letter leaves. Where the same seller
 * has the other spelling already, the listing goes without the folded form, as other second spellings do.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE OR REPLACE FUNCTION read_listing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.words := public.listing_words(NEW.skill_id, NEW.seller_capabilities_text, NEW.description, NEW.seller_display_name);
      NEW.skill_key := coalesce(NEW.skill_folded, btrim(regexp_replace(
        normalize(lower(upper(lower(normalize(NEW.skill_id, NFKC) COLLATE "und-x-icu"))), NFKC), '\\s+', ' ', 'g')));
      RETURN NEW;
    END $$`.execute(db);
  await sql`
    UPDATE listings SET skill_folded = CASE WHEN EXISTS (
        SELECT FROM listings other WHERE other.seller_agent_id = listings.seller_agent_id
          AND other.skill_folded = replace(listings.skill_folded, 'ß', 'ss'))
      THEN NULL ELSE replace(skill_folded, 'ß', 'ss') END
    WHERE skill_folded LIKE '%ß%'`.execute(db);
}
