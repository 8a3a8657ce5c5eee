import type { ExpectedOutput } from '@agent-registry/criteria';
import { storableText } from '@agent-registry/schemas';

const shownChars = 60;
/** How much of a line is shown before the place where it differs. */
const leadChars = 20;
const space = ' \t\n\v\f\r';
const gap = /[ \t\n\v\f\r]+/;
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const notFinite = /^([+-]?)(?:inf(?:inity)?|(nan))$/i;

/**
 * Compares what a program printed with what was expected, in time linear in both.
 *
 * @returns null where they agree, else what differs, in a sentence's end of at most 250 characters
 */
export function compareOutput(expected: ExpectedOutput, printed: string): string | null {
  switch (expected.compare) {
    case 'exact':
      return compareTexts(expected.text, printed);
    case 'trimmed':
      return compareTexts(trim(expected.text), trim(printed));
    case 'tokens':
      return compareTokens(expected.text, printed, (a, e) => a === e);
    case 'numbers':
      return compareTokens(expected.text, printed, (a, e) => a === e || isNear(a, e, expected.tolerance));
  }
}

function compareTexts(expected: string, printed: string): string | null {
  if (expected === printed) return null;
  const shorter = Math.min(expected.length, printed.length);
  let at = 0;
  while (at < shorter && expected.charCodeAt(at) === printed.charCodeAt(at)) at += 1;
  const before = expected.slice(0, at);
  const line = before.split('\n').length;
  const from = Math.max(before.lastIndexOf('\n') + 1, at - leadChars);
  return `differs in line ${line}: expected ${show(lineFrom(expected, from))}, got ${show(lineFrom(printed, from))}`;
}

/** The rest of the line, with the end of line that may be all that differs. */
function lineFrom(text: string, from: number): string {
  const end = text.indexOf('\n', from);
  return text.slice(from, end < 0 ? undefined : end + 1);
}

function compareTokens(
  expected: string,
  printed: string,
  agree: (actual: string, expected: string) => boolean,
): string | null {
  const [wanted, got] = [tokensOf(expected), tokensOf(printed)];
  const differs = wanted.findIndex((token, index) => index >= got.length || !agree(got[index] ?? '', token));
  if (differs >= 0) {
    const found = differs < got.length ? show(got[differs] ?? '') : 'the end';
    return `differs in token ${differs + 1}: expected ${show(wanted[differs] ?? '')}, got ${found}`;
  }
  return got.length === wanted.length
    ? null
    : `has ${got.length} tokens where ${wanted.length} were expected`;
}

function tokensOf(text: string): string[] {
  return text.split(gap).filter((token) => token !== '');
}

/** Without a pattern: one that is anchored at the end alone takes quadratic time. */
function trim(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && space.includes(text.charAt(from))) from += 1;
  while (to > from && space.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/**
 * Whether two tokens are the same number: |a − e| ≤ tolerance × max(1, |e|). NaN agrees with NaN and an infinity with
 * the same infinity, however they are spelled; neither is near any number, nor is what is too large for a double.
 */
function isNear(actual: string, expected: string, tolerance: number): boolean {
  const [a, e] = [readNumber(actual), readNumber(expected)];
  if (a === null || e === null) return false;
  if (!Number.isFinite(a) || !Number.isFinite(e)) return Object.is(a, e);
  return Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e));
}

function readNumber(token: string): number | null {
  if (decimal.test(token)) {
    const value = Number(token);
    return Number.isFinite(value) ? value : null;
  }
  const [found, sign, nan] = notFinite.exec(token) ?? [];
  if (found === undefined) return null;
  if (nan !== undefined) return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** As JSON, which escapes invisible characters. */
function show(text: string): string {
  if (text === '') return 'nothing';
  const shown = storableText(text, shownChars);
  return JSON.stringify(shown) + (shown.length < text.length ? '…' : '');
}
