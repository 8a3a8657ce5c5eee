import { type Kysely, sql } from 'kysely';

/** Invisible in a word, or there to stretch it: soft hyphen, tatweel, joiners, bidirectional controls, variation selectors. */
const IGNORED =
  '\\u00ad\\u034f\\u0640\\u061c\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff\\U000e0100-\\U000e01ef';
/** Marks that people leave out: accents, breathings, Hebrew and Syriac points, Arabic vowels. Not those of Indic scripts. */
const ACCENTS =
  '\\u0300-\\u036f\\u0483-\\u0487\\u0591-\\u05c7\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e8\\u06ea-\\u06ed' +
  '\\u0711\\u0730-\\u074a\\u08ca-\\u08ff\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20f0\\ufe20-\\ufe2f';
/** Letters of scripts that put no space between words: Thai, Lao, Myanmar, Khmer, kana, Bopomofo, Han; and Hangul, which seldom does. */
const UNSPACED =
  '\\u0e01-\\u0e3a\\u0e40-\\u0e4e\\u0e81-\\u0ece\\u0edc-\\u0edf\\u1000-\\u103f\\u1050-\\u108f\\u109a-\\u109d\\uaa60-\\uaa7f' +
  '\\u1780-\\u17d3\\u17d7\\u17dc\\u17dd\\u3005-\\u3007\\u302a-\\u302f\\u3031-\\u3035\\u303b\\u303c\\u3041-\\u309a\\u309d-\\u309f' +
  '\\u30a1-\\u30fa\\u30fc-\\u30ff\\u3105-\\u312f\\u31a0-\\u31bf\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff' +
  '\\U0001b000-\\U0001b16f\\U00020000-\\U0003347f';
/** Their marks, which stand with the letter before. */
const UNSPACED_MARKS =
  '\\u0e31\\u0e34-\\u0e3a\\u0e47-\\u0e4e\\u0eb1\\u0eb4-\\u0ebc\\u0ec8-\\u0ece\\u102b-\\u103e\\u1056-\\u1059\\u105e-\\u1060\\u1062-\\u1064' +
  '\\u1067-\\u106d\\u1071-\\u1074\\u1082-\\u108d\\u108f\\u109a-\\u109d\\u17b4-\\u17d3\\u17dd\\u302a-\\u302f\\u3099\\u309a';
/** Unicode's marks, in ranges that reach over letters, digits and what is unassigned, all of which are parts of words as well. */
const MARKS =
  '\\u0300-\\u036f\\u0483-\\u0489\\u0591-\\u05bd\\u05bf\\u05c1-\\u05c2\\u05c4-\\u05c5\\u05c7\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc' +
  '\\u06df-\\u06e8\\u06ea-\\u06ed\\u0711-\\u07f3\\u07fd\\u0816-\\u082d\\u0859-\\u085b\\u0897-\\u08e1\\u08e3-\\u0963\\u0981-\\u09e3\\u09fe-\\u0a75' +
  '\\u0a81-\\u0ae3\\u0afa-\\u0b63\\u0b82-\\u0bd7\\u0c00-\\u0c63\\u0c81-\\u0c83\\u0cbc-\\u0d4d\\u0d57-\\u0d63\\u0d81-\\u0df3\\u0f18-\\u0f19\\u0f35' +
  '\\u0f37\\u0f39\\u0f3e-\\u0f84\\u0f86-\\u0fbc\\u0fc6\\u135d-\\u135f\\u1712-\\u1734\\u1752-\\u1773\\u18a9\\u1920-\\u193b\\u1a17-\\u1a1b\\u1a55-\\u1a7f' +
  '\\u1ab0-\\u1b44\\u1b6b-\\u1b73\\u1b80-\\u1bf3\\u1c24-\\u1c37\\u1cd0-\\u1cd2\\u1cd4-\\u1dff\\u20d0-\\u20f0\\u2cef-\\u2cf1\\u2d7f-\\u2dff' +
  '\\ua66f-\\ua672\\ua674-\\ua67d\\ua69e-\\ua6f1\\ua802-\\ua827\\ua82c\\ua880-\\ua8c5\\ua8e0-\\ua8f1\\ua8ff-\\ua92d\\ua947-\\ua953\\ua980-\\ua9c0' +
  '\\ua9e5-\\uaa4d\\uaa7b-\\uaac1\\uaaeb-\\uaaef\\uaaf5-\\uaaf6\\uabe3-\\uabea\\uabec-\\uabed\\ufb1e\\ufe20-\\ufe2f\\U000101fd-\\U0001037a' +
  '\\U00010a01-\\U00010a3f\\U00010ae5-\\U00010ae6\\U00010d24-\\U00010d6d\\U00010eab-\\U00010eac\\U00010efa-\\U00010f50\\U00010f82-\\U00010f85' +
  '\\U00011000-\\U00011046\\U00011070-\\U000110ba\\U000110c2\\U00011100-\\U00011134\\U00011145-\\U00011173\\U00011180-\\U000111c0' +
  '\\U000111c9-\\U000111cc\\U000111ce-\\U000111cf\\U0001122c-\\U00011237\\U0001123e-\\U00011241\\U000112df-\\U000113d2\\U000113e1-\\U00011446' +
  '\\U0001145e-\\U000114c3\\U000115af-\\U000115c0\\U000115dc-\\U00011640\\U000116ab-\\U000116b7\\U0001171d-\\U0001172b\\U0001182c-\\U0001183a' +
  '\\U00011930-\\U00011943\\U000119d1-\\U000119e0\\U000119e4-\\U00011a3e\\U00011a47-\\U00011a99\\U00011c2f-\\U00011c3f\\U00011c92-\\U00011ef6' +
  '\\U00011f00-\\U00011f42\\U00016af0-\\U00016af4\\U00016b30-\\U00016b36\\U00016f4f-\\U00016f92\\U0001e000-\\U0001e136\\U0001e2ae-\\U0001e2ef' +
  '\\U0001e4ec-\\U0001e5ef\\U0001e6e3-\\U0001e94a';

/** Georgian capitals and their letters, which a library of before Unicode 11 takes for two scripts. */
const georgian = (first: number) =>
  Array.from({ length: 48 }, (_, index) => String.fromCodePoint(first + index)).join('');

/** The one reading of words, for what is stored and for what is asked. */
export async function createTokeniser(db: Kysely<unknown>): Promise<void> {
  const create = (text: string) => sql.raw(text).execute(db);
  // Case is folded by way of both cases, by which ß is ss, and ı and i are one letter. By ICU, whatever the database's locale.
  await create(`
    CREATE FUNCTION search_fold(given text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    BEGIN
      IF octet_length(given) = length(given) THEN RETURN lower(given COLLATE "C"); END IF;
      RETURN normalize(translate(lower(upper(lower(
        regexp_replace(normalize(given, NFKC), '[${IGNORED}]', '', 'g') COLLATE "und-x-icu"))), 'ς${georgian(0x1c90)}', 'σ${georgian(0x10d0)}'), NFKC);
    END $$`);
  await create(`
    CREATE FUNCTION search_without_accents(folded text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    BEGIN
      IF octet_length(folded) = length(folded) THEN RETURN folded; END IF;
      RETURN normalize(replace(replace(replace(translate(
        regexp_replace(normalize(folded, NFD), '[${ACCENTS}]', '', 'g'), 'øłđħŧð', 'oldhtd'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), NFC);
    END $$`);
  await create(`
    CREATE FUNCTION search_tokens(given text)
      RETURNS TABLE (word integer, piece integer, exact text, plain text, is_stop boolean)
      LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS $$
    -- A word of a spaced script is one row, with piece 0: exact is its stem, plain the stem of what it is without its accents,
    -- where that is another. A run of an unspaced script is a row for each letter, with its marks: plain is the letter, exact
    -- the letter and the next.
    DECLARE
      folded text := public.search_fold(given);
      token text;
      letters text[];
      bare text;
    BEGIN
      word := 0;
      folded := CASE WHEN octet_length(folded) = length(folded) THEN regexp_replace(folded, '[^a-z0-9]+', ' ', 'g')
        ELSE regexp_replace(regexp_replace(folded, '([${UNSPACED}]+)', ' \\1 ', 'g') COLLATE "und-x-icu",
          '[^[:alnum:]${MARKS}${UNSPACED}]+', ' ', 'g') END;
      FOREACH token IN ARRAY string_to_array(btrim(folded), ' ') LOOP
        IF octet_length(token) > length(token) AND token ~ '^[${UNSPACED}]' THEN
          word := word + 1;
          is_stop := false;
          letters := ARRAY(SELECT left(letter[1], 16) FROM regexp_matches(token, '(.[${UNSPACED_MARKS}]*)', 'g') AS letter);
          FOR place IN 1..cardinality(letters) LOOP
            piece := place;
            plain := letters[place];
            exact := plain || letters[place + 1];
            RETURN NEXT;
          END LOOP;
        ELSE
          token := left(token, 64);
          bare := CASE WHEN octet_length(token) = length(token) THEN token ELSE public.search_without_accents(token) END;
          CONTINUE WHEN bare = '';
          word := word + 1;
          piece := 0;
          exact := CASE WHEN bare ~ '^[a-z]+$' THEN (ts_lexize('pg_catalog.english_stem', token))[1] ELSE token END;
          is_stop := exact IS NULL;
          exact := coalesce(exact, token);
          plain := CASE WHEN bare <> token THEN
            nullif(CASE WHEN bare ~ '^[a-z]+$' THEN coalesce((ts_lexize('pg_catalog.english_stem', bare))[1], bare) ELSE bare END, exact) END;
          RETURN NEXT;
        END IF;
      END LOOP;
    END $$`);
  // Weights as in the column search. A word without its accents stands after a ~ where that changes it. Letters follow one
  // another by their positions, in a range for each place, so that a run is told from its parts. Stop words are kept in names alone.
  await create(`
    CREATE FUNCTION listing_words(skill text, capabilities text, description text, seller_name text) RETURNS tsvector
      LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    BEGIN
      RETURN (
        SELECT coalesce(string_agg(CASE WHEN piece = 0 THEN '''' || exact || ''':' || start || weight
              || coalesce(' ''~' || plain || ''':' || start || weight, '')
            ELSE '''' || plain || ''':' || start || weight
              || coalesce(' ''' || exact || ''':' || least(start + nth, 16383) || weight, '') END, ' '), '')
        FROM (VALUES (skill, 1, 'A'), (capabilities, 500, 'B'), (description, 2500, 'C'), (seller_name, 12000, 'D')) AS place (given, start, weight),
          public.search_tokens(given) WITH ORDINALITY AS token (word, piece, exact, plain, is_stop, nth)
        WHERE NOT is_stop OR weight = 'D')::tsvector;
    END $$`);
}
