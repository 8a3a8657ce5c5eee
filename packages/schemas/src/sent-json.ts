let texts: string[] | null = null;
const PLACE = /"\\u0000([0-9]+)"/;

/**
 * JSON text that a party sent, written into an answer as it is but for whitespace: spelling its values anew takes a second for a
 * megabyte of numbers.
 */
export class SentJson {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toJSON(): unknown {
    if (texts === null) return asSent(this.#text);
    // U+0000 stands in no text that the registry keeps.
    return `\u0000${texts.push(compactJson(this.#text)) - 1}`;
  }
}

/** As `JSON.stringify`, with what was sent as it was sent. */
export function writeJson(value: unknown): string {
  const own: string[] = [];
  texts = own;
  try {
    const parts = JSON.stringify(value).split(PLACE);
    // Every second part is a place's number.
    return parts.map((part, index) => (index % 2 === 0 ? part : own[Number(part)])).join('');
  } finally {
    texts = null;
  }
}

/** JSON text without the whitespace between its tokens; of members that are there twice the last one is kept. */
export function compactJson(text: string): string {
  const value: unknown = JSON.parse(text);
  if (JSON.stringify(value) === text) return text;
  const { compact, members } = scan(text);
  return members === countMembers(value) ? compact : JSON.stringify(asSent(text));
}

/** The tokens of a JSON text, and how many members its objects have in all. */
function scan(text: string): { compact: string; members: number } {
  const pieces: string[] = [];
  let members = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x3a) members += 1;
    else if (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) {
      if (at > start) pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(text.slice(start));
  return { compact: pieces.join(''), members };
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  const own = Array.isArray(value) ? 0 : inner.length;
  return inner.reduce((sum: number, item) => sum + countMembers(item), own);
}

type JsonWithSource = typeof JSON & { rawJSON(text: string): unknown };

/**
 * Reads JSON text into values that `JSON.stringify` writes with every number spelled as it was sent: `1.0` stays `1.0`,
 * so that a party can recompute the hash of what another party wrote.
 */
export function asSent(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined
      ? (JSON as JsonWithSource).rawJSON(context.source)
      : value,
  );
}
