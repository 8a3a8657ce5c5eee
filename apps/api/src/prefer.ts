const DEFAULT_SECONDS = 20;
/** The longest wait that is granted; a longer one is cut to it. */
const WAIT_SECONDS_MAX = 25;
const HEADER_CHARS_MAX = 1_000;
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const WORD = `(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*")`;
/** RFC 7240: a preference, with its value and its parameters. */
const PREFERENCE = new RegExp(
  `^[ \\t]*(${TOKEN})(?:[ \\t]*=[ \\t]*(${WORD})?)?(?:[ \\t]*;[ \\t]*(?:${TOKEN}(?:[ \\t]*=[ \\t]*${WORD})?)?)*[ \\t]*(?:,|$)`,
);

export interface Wait {
  readonly seconds: number;
  /** Whether the request asked for a wait that was understood. */
  readonly isAsked: boolean;
}

/**
 * The `wait` preference of a Prefer header (RFC 7240): whole seconds, the first one counts. What is not understood is
 * ignored, as the RFC asks.
 */
export function readWait(header: string | undefined): Wait {
  let rest = (header ?? '').slice(0, HEADER_CHARS_MAX);
  while (rest !== '') {
    const match = PREFERENCE.exec(rest);
    if (match === null) break;
    const [text, name = '', value = ''] = match;
    if (name.toLowerCase() === 'wait') return toWait(value.replaceAll('"', ''));
    rest = rest.slice(text.length);
  }
  return { seconds: DEFAULT_SECONDS, isAsked: false };
}

function toWait(value: string): Wait {
  if (!/^[0-9]{1,9}$/.test(value)) return { seconds: DEFAULT_SECONDS, isAsked: false };
  return { seconds: Math.min(Number(value), WAIT_SECONDS_MAX), isAsked: true };
}
