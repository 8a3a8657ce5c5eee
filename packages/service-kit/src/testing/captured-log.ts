import { createLogger, type Logger } from '../logger.ts';

/** A logger whose lines a test can read. */
export const capturedLog = (
  project: string | null = null,
): { log: Logger; lines: Record<string, unknown>[] } => {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { log: createLogger({ service: 'test', level: 'debug', project, destination }), lines };
};
