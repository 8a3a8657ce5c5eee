import { type DiscoverRow, discoverListings } from '@agent-registry/db';
import type { contracts, Parsed } from '@agent-registry/schemas';
import type { ApiContext } from '../context.ts';
import { readPlace, writePlace } from '../endpoints/listings/discover-place.ts';
import { type ArdResult, ardRefusal, presentArdResult } from './ard-entry.ts';
import { AGENT_CARD_TYPE } from './catalogues.ts';

type Query = Parsed<typeof contracts.searchArd.body>;
/** discover takes a question of so many characters. */
const Q_CHARS_MAX = 200;
/** Words that are looked for one by one where no listing has all. */
const SINGLE_WORDS_MAX = 5;
/** Words of a question that say nothing of what is wanted. */
const STOP_WORDS = new Set(
  `a about agent agents all am an and any anyone are as at be by can could do does find for from get give good have help hire how i
  in into is it like look looking me my need of on one or please should show some someone something that the their them there this
  to us want we what where which who will with would you your`.split(/\s+/),
);

export interface ArdPage {
  readonly results: ArdResult[];
  readonly pageToken?: string;
}

/** One page of agents whose listings match. @throws RegistryError malformed_request for a filter or a token that is none of ours. */
export async function searchAgents(context: ApiContext, body: Query): Promise<ArdPage> {
  const { publicBaseUrl: base } = context.config;
  const { pageSize, pageToken } = body;
  const capability = readFilter(base, body.query.filter ?? {});
  if (capability === null) return { results: [] };
  const words = wordsOf(body.query.text);
  const after = pageToken === undefined ? undefined : placeOf(pageToken);
  const find = (q: string | undefined, limit: number) =>
    discoverListings(context.db, { q, capability }, { limit, offset: 0, after });
  const { rows } = await find(
    words.length === 0 ? undefined : words.join(' ').slice(0, Q_CHARS_MAX),
    pageSize + 1,
  );
  if (rows.length === 0 && after === undefined && words.length > 1) {
    const singles = words.slice(0, SINGLE_WORDS_MAX);
    const pages = await Promise.all(singles.map((word) => find(word.slice(0, Q_CHARS_MAX), pageSize)));
    return {
      results: merge(
        base,
        pages.map((page) => page.rows),
        singles.length,
      ).slice(0, pageSize),
    };
  }
  const shown = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? shown.at(-1) : undefined;
  return { results: merge(base, [shown], 1), ...(last && { pageToken: writePlace(last) }) };
}

/** Each agent once: by how well its best listings match over all the words. */
function merge(base: string, pages: readonly (readonly DiscoverRow[])[], words: number): ArdResult[] {
  const found = new Map<string, { rows: Map<string, DiscoverRow>; score: number }>();
  for (const rows of pages) {
    const best = new Map<string, number>();
    for (const row of rows) {
      const id = row.seller_agent_id;
      const agent = found.get(id) ?? { rows: new Map(), score: 0 };
      agent.rows.set(row.listing_id, row);
      found.set(id, agent);
      best.set(id, Math.max(best.get(id) ?? 0, row.relevance));
    }
    for (const [id, relevance] of best) found.get(id)!.score += relevance / words;
  }
  return [...found.values()]
    .sort((a, b) => b.score - a.score)
    .map(({ rows, score }) =>
      presentArdResult(base, [...rows.values()] as [DiscoverRow, ...DiscoverRow[]], score),
    );
}

/** The capability that is asked for; undefined for any, null where nothing here can match. */
function readFilter(
  base: string,
  filter: Readonly<Record<string, string | string[]>>,
): string | undefined | null {
  let capability: string | undefined;
  for (const [term, value] of Object.entries(filter)) {
    const values = typeof value === 'string' ? [value] : value;
    if (term === 'type') {
      if (!values.includes(AGENT_CARD_TYPE)) return null;
    } else if (term === 'publisher') {
      if (!values.includes(new URL(base).hostname)) return null;
    } else if (term === 'capabilities' && values.length === 1) capability = values[0];
    else
      throw ardRefusal('malformed_request', 'Filters are type, publisher, and capabilities with one value.');
  }
  return capability;
}

function placeOf(pageToken: string) {
  try {
    return readPlace(pageToken);
  } catch {
    throw ardRefusal('malformed_request', 'A pageToken is that of the page before.');
  }
}

/** What is looked for: the words of a question but those that any question has. */
function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’_-]*/gu) ?? [];
  return [...new Set(words.filter((word) => !STOP_WORDS.has(word)))];
}
