import { type FieldError, RegistryError } from './errors.ts';
import { storableText } from './storable-text.ts';

/** Nesting a request body may have. */
export const BODY_DEPTH_MAX = 64;
/** Values (members and elements) a request body may hold in all. */
export const BODY_VALUES_MAX = 100_000;
const REASON_CHARS_MAX = 200;

/** A number written with more digits than a double carries. */
function exceedsDouble(source: string): boolean {
  const digits = source.replace(/^-/, '').split(/[eE]/)[0]?.replace('.', '').replace(/^0+/, '') ?? '';
  return digits.length > 15 && Number.isFinite(Number(source));
}

/**
 * Parses a request body. An empty body is `{}`. Members of the top level that are numbers a double cannot carry
 * exactly are handed on as their text, so that money never passes through a rounding.
 *
 * @throws RegistryError malformed_request for what is not JSON or nests too deep; validation_failed, with the
 *   paths, for text that the database cannot keep (NUL, lone surrogates) and numbers beyond a double.
 */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === '') return {};
  assertShallow(text);
  const value = parse(text);
  const errors: FieldError[] = [];
  let seen = 0;
  walk(value, '', (path, item) => {
    seen += 1;
    if (seen > BODY_VALUES_MAX)
      throw new RegistryError('malformed_request', `The body holds more than ${BODY_VALUES_MAX} values.`);
    const problem =
      typeof item === 'string' ? unstorable(item) : typeof item === 'number' ? infinite(item) : null;
    if (problem !== null && errors.length < 20) errors.push({ path, message: problem });
  });
  if (errors.length > 0)
    throw new RegistryError('validation_failed', 'Some values cannot be stored.', { errors });
  return value;
}

function parse(text: string): unknown {
  const wide = new Map<unknown, [string, string][]>();
  try {
    const root: unknown = JSON.parse(
      text,
      function (this: unknown, key, value: unknown, context?: { source?: string }) {
        const source = context?.source;
        if (typeof value === 'number' && source !== undefined && exceedsDouble(source)) {
          const found = wide.get(this) ?? [];
          found.push([key, source]);
          wide.set(this, found);
        }
        return value;
      },
    );
    for (const [key, source] of wide.get(root) ?? []) (root as Record<string, unknown>)[key] = source;
    return root;
  } catch (error) {
    throw new RegistryError(
      'malformed_request',
      `The body is not JSON: ${error instanceof Error ? storableText(error.message, REASON_CHARS_MAX) : 'unreadable'}`,
    );
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

/** What overflowed a double would be another number to everybody who reads it. */
function infinite(value: number): string | null {
  return Number.isFinite(value) ? null : 'must be a number that a double can hold';
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
