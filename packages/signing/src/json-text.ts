// A bounded, lossless reader of JSON text: values keep their place in the text, so numbers keep their spelling.

/** Arrays and objects nested deeper than this are refused. */
export const MAX_JSON_DEPTH = 256;

/** The text is not JSON (RFC 8259), or passes a bound. The message goes on from "The text". */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
}

/** A JSON value; `start` and `end` delimit its text. Of members of one name the last one counts. */
export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, JsonNode> }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'literal'; readonly text: string }
);

export interface JsonBounds {
  /** Arrays and objects within one another. */
  readonly depth: number;
  /** Values and names of members in all. */
  readonly values: number;
}

/** A text as it was read. */
export interface JsonText {
  readonly root: JsonNode;
  /** The first name that an object has twice; parsers disagree on which member counts. */
  readonly duplicate: string | null;
}

const LITERAL = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const UNBOUNDED = { depth: MAX_JSON_DEPTH, values: Number.POSITIVE_INFINITY };

/** Reads one JSON text. Throws JsonTextError. */
export function readJsonText(text: string, bounds: JsonBounds = UNBOUNDED): JsonText {
  const reader = new Reader(text, bounds);
  return { root: reader.readText(), duplicate: reader.duplicate };
}

class Reader {
  duplicate: string | null = null;
  readonly #text: string;
  readonly #bounds: JsonBounds;
  #at = 0;
  #values = 0;

  constructor(text: string, bounds: JsonBounds) {
    this.#text = text;
    this.#bounds = bounds;
  }

  readText(): JsonNode {
    const root = this.#value(0);
    if (this.#skipSpace() !== this.#text.length) throw this.#unreadable();
    return root;
  }

  #value(depth: number): JsonNode {
    this.#count();
    const start = this.#skipSpace();
    switch (this.#text.charCodeAt(start)) {
      case 0x7b:
        return { kind: 'object', members: this.#members(depth), start, end: this.#at };
      case 0x5b:
        return { kind: 'array', items: this.#items(depth), start, end: this.#at };
      case 0x22:
        return { kind: 'string', value: this.#string(), start, end: this.#at };
      default:
        return { kind: 'literal', text: this.#literal(), start, end: this.#at };
    }
  }

  #members(depth: number): ReadonlyMap<string, JsonNode> {
    const members = new Map<string, JsonNode>();
    this.#list(depth, 0x7d, () => {
      this.#count();
      this.#skipSpace();
      const name = this.#string();
      this.#skipSpace();
      this.#expect(0x3a);
      if (members.has(name)) this.duplicate ??= name;
      members.set(name, this.#value(depth + 1));
    });
    return members;
  }

  #items(depth: number): readonly JsonNode[] {
    const items: JsonNode[] = [];
    this.#list(depth, 0x5d, () => items.push(this.#value(depth + 1)));
    return items;
  }

  #list(depth: number, close: number, readOne: () => void): void {
    if (depth >= this.#bounds.depth)
      throw new JsonTextError(`nests deeper than ${this.#bounds.depth} levels`);
    this.#at += 1;
    if (this.#text.charCodeAt(this.#skipSpace()) !== close) {
      readOne();
      while (this.#text.charCodeAt(this.#skipSpace()) === 0x2c) {
        this.#at += 1;
        readOne();
      }
    }
    this.#expect(close);
  }

  /** Finds the closing quote by hand, since a regular expression runs out of stack on long strings. */
  #string(): string {
    const text = this.#text;
    const start = this.#at;
    this.#expect(0x22);
    let end = this.#at;
    let isPlain = true;
    for (let code = text.charCodeAt(end); code !== 0x22; code = text.charCodeAt(end)) {
      if (code === 0x5c) isPlain = false;
      // Past the end of the text the code is NaN.
      else if (!(code >= 0x20)) throw this.#unreadable();
      end += code === 0x5c ? 2 : 1;
    }
    this.#at = end + 1;
    if (isPlain) return text.slice(start + 1, end);
    try {
      return JSON.parse(text.slice(start, end + 1)) as string;
    } catch {
      this.#at = start;
      throw this.#unreadable();
    }
  }

  #literal(): string {
    LITERAL.lastIndex = this.#at;
    const found = LITERAL.exec(this.#text)?.[0];
    if (found === undefined) throw this.#unreadable();
    this.#at += found.length;
    return found;
  }

  #skipSpace(): number {
    let at = this.#at;
    for (let code = this.#text.charCodeAt(at); isSpace(code); code = this.#text.charCodeAt(at)) at += 1;
    this.#at = at;
    return at;
  }

  #expect(code: number): void {
    if (this.#text.charCodeAt(this.#at) !== code) throw this.#unreadable();
    this.#at += 1;
  }

  #count(): void {
    this.#values += 1;
    if (this.#values > this.#bounds.values)
      throw new JsonTextError(`holds more than ${this.#bounds.values} values`);
  }

  #unreadable(): JsonTextError {
    return new JsonTextError(`is not JSON at character ${this.#at}`);
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
