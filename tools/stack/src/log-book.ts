/** A line that a part wrote, or (service `stack`) that the stack says of one. */
export interface LogEntry {
  readonly service: string;
  readonly line: string;
}

const keptLines = 5_000;

export interface LogBook {
  readonly write: (service: string, line: string) => void;
  /** The last lines, oldest first: of one service, or of all. */
  readonly lines: (service?: string) => readonly LogEntry[];
  /** The last few lines of a service, to explain a failure. */
  readonly tail: (service: string) => string;
}

const tailLines = 15;

/** Keeps the last 5,000 lines and passes each on. */
export function openLogBook(passOn: ((entry: LogEntry) => void) | undefined): LogBook {
  const entries: LogEntry[] = [];
  const lines = (service?: string) =>
    service === undefined ? [...entries] : entries.filter((entry) => entry.service === service);
  return {
    write: (service, line) => {
      const entry = { service, line };
      entries.push(entry);
      if (entries.length > keptLines) entries.splice(0, entries.length - keptLines);
      passOn?.(entry);
    },
    lines,
    tail: (service) =>
      lines(service)
        .slice(-tailLines)
        .map((entry) => `  ${entry.line}`)
        .join('\n'),
  };
}
