const REPLACEMENT = '\ufffd';
/** Code units before and after a cut within which grapheme boundaries are looked for. */
const WINDOW_CHARS = 64;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A stranger's text as the database, JSON and every reader can take it: at most `charsMax` UTF-16 code units, NUL and lone
 * surrogates as U+FFFD. A cut never splits a surrogate pair, nor a grapheme of a reasonable length.
 */
export function storableText(text: string, charsMax: number): string {
  const kept = text.length > charsMax ? text.slice(0, cutBefore(text, charsMax)) : text;
  return kept.toWellFormed().replaceAll('\0', REPLACEMENT);
}

/** Where the grapheme that would be cut begins; where none begins nearby, a place between two code points. */
function cutBefore(text: string, at: number): number {
  const start = Math.max(0, at - WINDOW_CHARS);
  const offset = at - start;
  const window = text.slice(start, at + WINDOW_CHARS);
  const index = graphemes.segment(window).containing(offset)?.index ?? offset;
  if (index > 0) return start + index;
  return isPair(text, at) ? at - 1 : at;
}

function isPair(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));
}

/** A JSON value with every text in it, keys included, as `storableText` makes it. */
export function storableTexts<T>(value: T, charsMax: number): T {
  return mapTexts(value, (text) => storableText(text, charsMax)) as T;
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), mapTexts(item, map)]));
}

/** Why Postgres could not keep this text as it is, or null. */
export function unstorable(text: string): string | null {
  if (text.includes('\u0000')) return 'must not contain U+0000';
  return text.isWellFormed() ? null : 'must not contain a lone surrogate';
}
