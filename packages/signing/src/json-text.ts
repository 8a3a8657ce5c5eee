// A bounded, lossless reader of JSON text: numbers keep their spelling, which JSON.parse would not keep.

/** Arrays and objects nested deeper than this are refused. */
export const MAX_JSON_DEPTH = 256;

/** The text is not JSON (RFC 8259), or is nested deeper than MAX_JSON_DEPTH. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
}

/** A JSON value with number spellings kept. `start` and `end` delimit its text. Duplicate keys: the last one counts. */
export type JsonNode = { start: number; end: number } & (
  | { kind: 'object'; members: Map<string, JsonNode> }
  | { kind: 'array'; items: JsonNode[] }
  | { kind: 'string'; value: string }
  | { kind: 'literal'; text: string }
);

interface Cursor {
  readonly text: string;
  at: number;
}

const WHITESPACE = /[ \t\n\r]*/y;
const LITERAL = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** Reads one JSON text. Throws JsonTextError. */
export function readJsonText(text: string): JsonNode {
  const cursor: Cursor = { text, at: 0 };
  const node = readValue(cursor, 0);
  take(cursor, WHITESPACE);
  if (cursor.at !== text.length) throw fail(cursor);
  return node;
}

/**
 * The text of a member of the top-level object, exactly as it was sent; null when it is absent or the text is not an
 * object. Throws JsonTextError on text that is not JSON.
 */
export function extractMember(rawJsonText: string, name: string): string | null {
  const root = readJsonText(rawJsonText);
  const member = root.kind === 'object' ? root.members.get(name) : undefined;
  return member === undefined ? null : rawJsonText.slice(member.start, member.end);
}

function readValue(cursor: Cursor, depth: number): JsonNode {
  take(cursor, WHITESPACE);
  if (depth > MAX_JSON_DEPTH) throw new JsonTextError(`JSON nested deeper than ${MAX_JSON_DEPTH}`);
  const start = cursor.at;
  const first = cursor.text[start];
  if (first === '{') return readObject(cursor, start, depth);
  if (first === '[') return readArray(cursor, start, depth);
  if (first === '"') return { kind: 'string', value: readString(cursor), start, end: cursor.at };
  const text = take(cursor, LITERAL);
  if (text === '') throw fail(cursor);
  return { kind: 'literal', text, start, end: cursor.at };
}

function readObject(cursor: Cursor, start: number, depth: number): JsonNode {
  const members = new Map<string, JsonNode>();
  readList(cursor, '}', () => {
    take(cursor, WHITESPACE);
    const key = readString(cursor);
    take(cursor, WHITESPACE);
    expect(cursor, ':');
    members.set(key, readValue(cursor, depth + 1));
  });
  return { kind: 'object', members, start, end: cursor.at };
}

function readArray(cursor: Cursor, start: number, depth: number): JsonNode {
  const items: JsonNode[] = [];
  readList(cursor, ']', () => items.push(readValue(cursor, depth + 1)));
  return { kind: 'array', items, start, end: cursor.at };
}

function readList(cursor: Cursor, close: string, readOne: () => void): void {
  cursor.at += 1;
  take(cursor, WHITESPACE);
  if (cursor.text[cursor.at] === close) {
    cursor.at += 1;
    return;
  }
  for (;;) {
    readOne();
    take(cursor, WHITESPACE);
    const next = cursor.text[cursor.at];
    if (next !== ',' && next !== close) throw fail(cursor);
    cursor.at += 1;
    if (next === close) return;
  }
}

/** Finds the closing quote by hand, since a regular expression runs out of stack on long strings. */
function readString(cursor: Cursor): string {
  const { text, at: start } = cursor;
  if (text[start] !== '"') throw fail(cursor);
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  try {
    const value: unknown = JSON.parse(text.slice(start, end + 1));
    if (typeof value !== 'string') throw fail(cursor);
    cursor.at = end + 1;
    return value;
  } catch {
    throw fail(cursor);
  }
}

function expect(cursor: Cursor, character: string): void {
  if (cursor.text[cursor.at] !== character) throw fail(cursor);
  cursor.at += 1;
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text)?.[0] ?? '';
  cursor.at += match.length;
  return match;
}

function fail(cursor: Cursor): JsonTextError {
  return new JsonTextError(`not JSON at character ${cursor.at}`);
}
