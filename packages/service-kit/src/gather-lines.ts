import type { DestinationStream } from 'pino';

/** How long a line may wait for others. */
const LATE_MS = 20;
/** Nor does it wait behind so many characters. */
const WAITING_CHARS_MAX = 65_536;
/** pino's level of an error. */
const ERROR = 50;

/** Where gathered lines go, and what tells that the process ends; a test gives its own. */
export interface LineOutput {
  write(text: string): void;
  onExit(flush: () => void): void;
}

/**
 * Writes the lines of some 20 ms at once: a write for each costs a busy service more than to make the line. One that tells of an
 * error, and all before it, are written immediately, and what waits is written before the process exits.
 */
export function gatherLines(output: LineOutput): DestinationStream {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '') return;
    const lines = waiting;
    waiting = '';
    output.write(lines);
  };
  output.onExit(flush);
  const stream = {
    /** With it pino sets `lastLevel` before it writes. */
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string): void {
      waiting += line;
      if (stream.lastLevel >= ERROR || waiting.length > WAITING_CHARS_MAX) flush();
      else timer ??= setTimeout(flush, LATE_MS);
    },
  };
  return stream;
}
