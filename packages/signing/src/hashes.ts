import { createHash, timingSafeEqual } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonNode } from './json-text.ts';
import { readJsonText } from './json-text.ts';

const TASK_ID_CHARS = 32;

/**
 * The RFC 8785 form of a JSON value. Throws on NaN, infinities, bigints, cycles, lone surrogates and on what is not a
 * value at all; members that are undefined are left out, as JSON.stringify leaves them out.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** SHA-256 in lower-case hex; text counts as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** `acceptance_criteria_hash`: hex SHA-256 of the criteria's RFC 8785 form. Throws as canonicalJson does. */
export function criteriaHash(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

/**
 * The hash that existing Python clients compute of the criteria's raw text: keys sorted by code point, no spaces,
 * everything outside printable ASCII as \uXXXX, numbers as they were sent. Throws JsonTextError.
 */
export function legacyCriteriaHash(rawJsonText: string): string {
  return sha256Hex(legacyJson(rawJsonText));
}

/** The text that legacyCriteriaHash hashes: Python's json.dumps(sort_keys=True, separators=(',', ':')). */
export function legacyJson(rawJsonText: string): string {
  return writeLegacy(readJsonText(rawJsonText).root);
}

/** The hash of a log entry over the hash of the one before it (null for the first), so that no entry can be rewritten. */
export function chainHash(previousHash: string | null, entry: unknown): string {
  return sha256Hex(canonicalJson({ previous: previousHash, entry }));
}

/** A Cloud Tasks name part: the first 32 hex digits of a hash over the five, so it looks random and is repeatable. */
export function taskId(
  kind: string,
  subject: string,
  cycle: number | bigint,
  attempt: number | bigint,
  generation: number | bigint,
): string {
  const parts = [kind, subject, String(cycle), String(attempt), String(generation)];
  return sha256Hex(JSON.stringify(parts)).slice(0, TASK_ID_CHARS);
}

/** Compares two texts in a time that depends on neither's content nor on where they differ. */
export function timingSafeEqualText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(a), digest(b));
}

function writeLegacy(node: JsonNode): string {
  if (node.kind === 'literal') return node.text;
  if (node.kind === 'string') return asciiString(node.value);
  if (node.kind === 'array') return `[${node.items.map(writeLegacy).join(',')}]`;
  const keys = [...node.members.keys()].sort(byCodePoint);
  const members = keys.map((key) => `${asciiString(key)}:${writeLegacy(node.members.get(key) as JsonNode)}`);
  return `{${members.join(',')}}`;
}

function asciiString(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** UTF-16 order differs from code point order where a surrogate meets U+E000–U+FFFF. */
function byCodePoint(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue;
    // A pair may have begun one unit earlier, in one of the two texts or in both.
    const start = endsPair(a, i) || endsPair(b, i) ? i - 1 : i;
    return (a.codePointAt(start) ?? 0) - (b.codePointAt(start) ?? 0);
  }
  return a.length - b.length;
}

function endsPair(text: string, index: number): boolean {
  return index > 0 && (text.codePointAt(index - 1) ?? 0) > 0xffff;
}
