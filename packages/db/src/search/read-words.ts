import { sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type { Term } from './cells.ts';

/** Words of a search that count. */
export const SEARCH_WORDS_MAX = 8;
/** A run of letters and digits, as search_text has it; what is longer is no word. */
const WORD = /[\p{L}\p{N}]{1,64}/gu;
/** Known words that stand in for one that nobody uses. */
const SPELLINGS_MAX = 3;

interface AskedWord {
  readonly word: string;
  /** As listings have it: stemmed, and as it is, which is how names are kept. Empty for a stop word. */
  readonly forms: string[];
  readonly known: boolean;
  /** The nearest known words, where it is not known itself. */
  readonly near: string[] | null;
}

/**
 * What a search asks for: of each word one of its forms, or, for a word that no listing has, one of its nearest spellings by
 * trigram. Stop words are passed over; where there is nothing else, they are looked for as they stand, which is how names
 * have them. Null when there is no word, or one that resembles none.
 */
export async function findSearchTerms(db: Db, q: string): Promise<Term[] | null> {
  const words = readWords(q);
  if (words.length === 0) return null;
  const { rows: asked } = await sql<AskedWord>`
    SELECT asked.*,
      CASE WHEN NOT asked.known THEN ARRAY(
        SELECT known.word FROM search_words AS known WHERE known.word % asked.word
        ORDER BY similarity(known.word, asked.word) DESC, known.word LIMIT ${SPELLINGS_MAX}) END AS near
    FROM (
      SELECT given.word, CASE WHEN cardinality(stems) = 0 THEN stems ELSE stems || given.word END AS forms,
        cardinality(stems) = 0 OR length(given.word) < 3
          OR EXISTS (SELECT FROM search_words WHERE search_words.word = ANY(stems || given.word)) AS known
      FROM unnest(${words}::text[]) AS given (word),
        LATERAL (SELECT tsvector_to_array(to_tsvector('english', given.word)) AS stems) AS stemmed
    ) AS asked`.execute(db);
  const telling = asked.filter(({ forms }) => forms.length > 0);
  if (telling.length === 0) return asked.map(({ word }) => [word]);
  const terms = telling.map(({ forms, known, near }) => [...new Set(known ? forms : near)]);
  return terms.some((forms) => forms.length === 0) ? null : terms;
}

function readWords(q: string): string[] {
  return [...new Set(q.toLowerCase().match(WORD) ?? [])].slice(0, SEARCH_WORDS_MAX);
}

/** The terms as a text of type tsquery, wherever a listing has them or in one place (a weight) only. */
export function writeQuery(terms: readonly Term[], place = ''): string {
  const label = place === '' ? '' : `:${place}`;
  return terms.map((forms) => `(${forms.map((form) => quoteLexeme(form) + label).join(' | ')})`).join(' & ');
}

function quoteLexeme(lexeme: string): string {
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
