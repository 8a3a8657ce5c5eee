import { type FieldError, RegistryError } from './errors.ts';
import { isShortestForm, survivesDouble } from './json-number.ts';
import { storableText } from './storable-text.ts';

/** Nesting a request body may have. */
export const BODY_DEPTH_MAX = 64;
/** Values (members and elements) a request body may hold in all. */
export const BODY_VALUES_MAX = 100_000;
const REASON_CHARS_MAX = 200;
const NAME_CHARS_MAX = 64;

/** A number that a double cannot carry: it is refused, and stands in the parsed value only to be found by its path. */
class InexactNumber {}
/** A JSON string, with the colon that makes it a name; or a bracket. */
const NAME_OR_BRACKET = /"[^"\\]*(?:\\.[^"\\]*)*"[ \t\n\r]*:?|[{}[\]]/g;

/**
 * Parses a request body as I-JSON (RFC 7493), so that everybody who reads what is kept of it sees the same. An empty body is
 * `{}`. Members of the top level that are numbers of more digits than the double's shortest form are handed on as their text,
 * so that money never passes through a rounding.
 *
 * @throws RegistryError malformed_request for what is not JSON, nests too deep or names a member twice; validation_failed,
 *   with the paths, for text that the database cannot keep (NUL, lone surrogates) and numbers that a double cannot carry.
 */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === '') return {};
  assertShallow(text);
  const value = parse(text);
  assertNamesUnique(text);
  const errors: FieldError[] = [];
  let seen = 0;
  walk(value, '', (path, item) => {
    seen += 1;
    if (seen > BODY_VALUES_MAX)
      throw new RegistryError('malformed_request', `The body holds more than ${BODY_VALUES_MAX} values.`);
    const problem = problemOf(item);
    if (problem !== null && errors.length < 20) errors.push({ path, message: problem });
  });
  const [first] = errors;
  if (first !== undefined)
    throw new RegistryError('validation_failed', `${first.path || 'The body'}: ${first.message}`, { errors });
  return value;
}

function problemOf(item: unknown): string | null {
  if (typeof item === 'string') return unstorable(item);
  return item instanceof InexactNumber ? 'is a number that a double cannot carry: send it as a string' : null;
}

function parse(text: string): unknown {
  const long: [holder: unknown, key: string, source: string][] = [];
  try {
    const root: unknown = JSON.parse(
      text,
      function (this: unknown, key, value: unknown, context?: { source?: string }) {
        const source = context?.source;
        if (typeof value !== 'number' || source === undefined) return value;
        if (!survivesDouble(source)) return new InexactNumber();
        if (!isShortestForm(source)) long.push([this, key, source]);
        return value;
      },
    );
    for (const [holder, key, source] of long)
      if (holder === root) (root as Record<string, unknown>)[key] = source;
    return root;
  } catch (error) {
    throw new RegistryError(
      'malformed_request',
      `The body is not JSON: ${error instanceof Error ? storableText(error.message, REASON_CHARS_MAX) : 'unreadable'}`,
    );
  }
}

/** Of two members of one name, one parser reads the first and another the last. Takes text that is known to be JSON. */
function assertNamesUnique(text: string): void {
  const open: Set<string>[] = [];
  for (const [token] of text.matchAll(NAME_OR_BRACKET)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token.endsWith(':')) {
      const name: string = JSON.parse(token.slice(0, -1));
      const names = open.at(-1);
      if (names?.has(name) === true)
        throw new RegistryError(
          'malformed_request',
          `The body names a member twice: ${storableText(name, NAME_CHARS_MAX)}`,
        );
      names?.add(name);
    }
  }
}

function assertShallow(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > BODY_DEPTH_MAX)
        throw new RegistryError('malformed_request', `The body nests deeper than ${BODY_DEPTH_MAX} levels.`);
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
}

function walk(value: unknown, path: string, visit: (path: string, item: unknown) => void): void {
  visit(path, value);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      walk(item, path === '' ? String(index) : `${path}.${index}`, visit);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const at = path === '' ? key : `${path}.${key}`;
      visit(at, key);
      walk(item, at, visit);
    }
  }
}

/** Why Postgres could not keep this text as it is, or null. */
export function unstorable(text: string): string | null {
  if (text.includes('\u0000')) return 'must not contain U+0000';
  return text.isWellFormed() ? null : 'must not contain a lone surrogate';
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
