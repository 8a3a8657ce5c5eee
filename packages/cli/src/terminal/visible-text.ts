/**
 * Controls (escape sequences begin with one), format characters (bidirectional overrides, invisible tags), line separators, lone
 * surrogates. The joiners U+200C and U+200D stay: scripts and emoji need them, and they move nothing.
 */
const UNSAFE = /[^\P{Cc}]|[^\P{Cf}\u200c\u200d]|[\p{Zl}\p{Zp}\p{Cs}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text as a terminal may show it, on one line: what would act on the terminal is shown as an escape. */
export function visibleText(text: string): string {
  return text.replace(UNSAFE, (mark) => SHORT[mark] ?? `\\u{${mark.codePointAt(0)!.toString(16)}}`);
}

/** JSON on one line, or indented; the same value, with what would act on a terminal in \u escapes. */
export function visibleJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return text.replace(UNSAFE, (mark) => (mark === '\n' ? mark : unitsOf(mark)));
}

const unitsOf = (mark: string): string =>
  Array.from({ length: mark.length }, (_, at) => mark.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
