import { sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type { Term } from './cells.ts';

/** Words of a search that count. */
const SEARCH_WORDS_MAX = 8;
/** Words, or pairs of letters, that the index is asked for: the rarest. What these find is then compared with the others. */
const INDEX_TERMS_MAX = 4;
/** UTF-16 code units of a search that are read. */
const QUERY_CHARS_MAX = 200;
/** Other spellings that stand in for a word, where few listings have it. */
const SPELLINGS_MAX = 3;
/** A word that no more listings have may be a slip of somebody's: near spellings are found too. */
const RARE_MAX = 20;
/** How many times as many listings must have a near spelling. */
const FAR_MORE = 10;
/** What a spelling counts, of the worth of the word as it was asked for: with other accents, or near to it. */
const SHARES = { exact: 1, accents: 0.9, near: 0.05 } as const;

/** A word of a search, or a run of letters that follow one another, in its spellings. */
export type AskedWord = readonly { readonly lexemes: readonly string[]; readonly share: number }[];

export interface SearchTerms {
  readonly terms: readonly Term[];
  readonly words: readonly AskedWord[];
  /** Whether a listing that has the terms has the words: else it is compared with them. */
  readonly exact: boolean;
}

interface Form {
  /** 0 is a filter. */
  readonly word: number;
  /** 0 is a whole word, else the place of two letters in a run of an unspaced script. */
  readonly piece: number;
  readonly is_stop: boolean;
  readonly spelling: keyof typeof SHARES;
  readonly lexeme: string;
  /** Null where no listing has it. */
  readonly listings: number | null;
}

/**
 * What a search asks for: each of its words, also with other accents, and as its nearest spellings by trigram where few listings
 * have it. Stop words are passed over; where there is nothing else, they are looked for as they stand, which is how names have
 * them. Null when there is no word, or one that neither is in a listing nor resembles one.
 *
 * @param filters what else a listing must have, as the index knows it.
 */
export async function findSearchTerms(
  db: Db,
  q: string,
  filters: readonly string[],
): Promise<SearchTerms | null> {
  const forms = await findForms(db, q, filters);
  const telling = forms.filter(({ word, is_stop }) => word > 0 && !is_stop);
  const asked = telling.length > 0 ? telling : forms.filter(({ word }) => word > 0);
  if (asked.length === 0) return null;
  const words = [...groupBy(asked, ({ word }) => word).values()];
  const needed = listTerms(forms.filter(({ word }) => word === 0));
  const terms = words.flatMap(listTerms);
  if ([...needed, ...terms].some((term) => term.forms.length === 0)) return null;
  const rarest = terms.toSorted((a, b) => a.listings - b.listings).slice(0, INDEX_TERMS_MAX);
  return {
    terms: [...needed, ...rarest],
    words: words.map(readSpellings),
    exact: rarest.length === terms.length && words.every((word) => word.every(({ piece }) => piece < 2)),
  };
}

async function findForms(db: Db, q: string, filters: readonly string[]): Promise<readonly Form[]> {
  const text = q.slice(0, QUERY_CHARS_MAX).replaceAll('\0', ' ');
  const { rows } = await sql<Form>`
    WITH asked AS MATERIALIZED (
      SELECT word, piece, exact, plain, is_stop FROM search_tokens(${text}) WHERE word <= ${SEARCH_WORDS_MAX}
    ), forms AS MATERIALIZED (
      SELECT form.*, listings, CASE WHEN listings IS NULL OR emptied_at IS NOT NULL THEN 0 ELSE greatest(listings, 1) END AS used FROM (
        SELECT word, piece, is_stop, spelling, lexeme FROM asked, LATERAL (
          VALUES ('exact', exact), ('accents', plain), ('accents', '~' || coalesce(plain, exact))) AS spelt (spelling, lexeme)
        WHERE piece = 0 AND lexeme IS NOT NULL
        UNION ALL
        SELECT word, piece, false, 'exact', coalesce(exact, plain) FROM asked WHERE piece = 1 OR (piece > 1 AND exact IS NOT NULL)
        UNION ALL
        SELECT 0, nth::integer, false, 'exact', lexeme FROM unnest(${filters}::text[]) WITH ORDINALITY AS filter (lexeme, nth)
      ) AS form LEFT JOIN search_lexemes USING (lexeme)
    ), rare AS (
      SELECT word, max(coalesce(plain, exact)) AS spelt, coalesce(sum(used), 0) AS listings
      FROM asked JOIN forms USING (word, piece) WHERE piece = 0 AND NOT asked.is_stop
      GROUP BY word HAVING coalesce(sum(used), 0) <= ${RARE_MAX}
    )
    SELECT word, piece, is_stop, spelling, lexeme, listings::float8 FROM forms
    UNION ALL
    SELECT word, 0, false, 'near', near.lexeme, near.listings::float8 FROM rare, LATERAL (
      SELECT lexeme, known.listings FROM search_lexemes AS known
      WHERE lexeme !~ '^[#=]' AND lexeme % rare.spelt AND length(rare.spelt) > 2 AND emptied_at IS NULL
        AND known.listings >= ${FAR_MORE} * rare.listings AND lexeme NOT IN (SELECT lexeme FROM forms)
      ORDER BY similarity(lexeme, rare.spelt) DESC, lexeme LIMIT ${SPELLINGS_MAX}) AS near
    ORDER BY word, piece`.execute(db);
  return rows;
}

/** What the index is asked for: a word in any of its spellings, or each two letters of a run. */
function listTerms(forms: readonly Form[]): Term[] {
  return [...groupBy(forms, ({ piece }) => piece).values()].map((spellings) => {
    const known = spellings.filter(({ listings }) => listings !== null);
    return {
      forms: known.map(({ lexeme }) => lexeme),
      listings: known.reduce((sum, { listings }) => sum + (listings ?? 0), 0),
    };
  });
}

function readSpellings(forms: readonly Form[]): AskedWord {
  if (forms.some(({ piece }) => piece > 0)) return [{ lexemes: forms.map(({ lexeme }) => lexeme), share: 1 }];
  return forms
    .filter(({ listings }) => listings !== null)
    .map(({ lexeme, spelling }) => ({ lexemes: [lexeme], share: SHARES[spelling] }));
}

function groupBy<T>(items: readonly T[], key: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** The words as a text of type tsquery, wherever a listing has them or in one place (a weight) only. */
export function writeQuery(words: readonly AskedWord[], place = ''): string {
  const label = place === '' ? '' : `:${place}`;
  const spell = (lexemes: readonly string[]) =>
    lexemes.map((lexeme) => quoteLexeme(lexeme) + label).join(' <-> ');
  return words.map((word) => `(${word.map(({ lexemes }) => spell(lexemes)).join(' | ')})`).join(' & ');
}

function quoteLexeme(lexeme: string): string {
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
