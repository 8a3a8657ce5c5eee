const CLEAR_TO_END = '\u001b[K';

/** One line that says what is being done; figures go to standard output, above it. */
export interface Progress {
  say(what: string): void;
  /** Takes the line away. */
  clear(): void;
}

/** On a terminal the line is written over; elsewhere each new one would only fill a log, so that nothing is said between two scenarios. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const startedAt = performance.now();
  let topic = '';
  return {
    say: (what) => {
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4);
      if (stream.isTTY) {
        stream.write(`\r${seconds} s  ${what.slice(0, stream.columns - 10)}${CLEAR_TO_END}`);
      } else if (what.split(':', 1)[0] !== topic) {
        topic = what.split(':', 1)[0]!;
        stream.write(`${seconds} s  ${what}\n`);
      }
    },
    clear: () => {
      if (stream.isTTY) stream.write(`\r${CLEAR_TO_END}`);
    },
  };
}
