import type { LogEntry } from './log-book.ts';

const nameWidth = 12;
const shownFields = 12;
const longestValue = 200;

// Already said by the rest of the line, or of use to machines alone.
const unsaid = new Set([
  'severity',
  'service',
  'time',
  'message',
  'method',
  'route',
  'status',
  'duration_ms',
  'path',
  'pid',
  'hostname',
]);

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function showValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

function showFields(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .filter(([name, value]) => !unsaid.has(name) && !name.startsWith('logging.') && value !== null)
    .slice(0, shownFields)
    .map(([name, value]) => `${name}=${showValue(value)}`)
    .join(' ');
}

function showRequest({ status, duration_ms }: Record<string, unknown>): string {
  return typeof status === 'number' ? ` ${status} ${Math.round(Number(duration_ms))} ms` : '';
}

/**
 * One readable line: who, when, how serious, what, and the fields. What is no JSON is shown as it is. Control characters, which
 * an agent may have smuggled into a name, are shown as `�` lest they command the terminal.
 */
export function formatLogLine({ service, line }: LogEntry): string {
  const name = service.padEnd(nameWidth);
  const fields = parse(line);
  if (fields === null) return withoutControls(`${name} ${line}`);
  const time = typeof fields.time === 'string' ? fields.time.slice(11, 23) : '';
  const severity = showValue(fields.severity ?? '').padEnd(7);
  const what = `${showValue(fields.message ?? '')}${showRequest(fields)}`;
  return withoutControls(`${name} ${time} ${severity} ${what}  ${showFields(fields)}`.trimEnd());
}

/** A sweep that found nothing: the stack sweeps each second, and nobody could read anything else between its lines. */
export function isRoutine({ line }: LogEntry): boolean {
  if (!line.includes('/internal/sweep')) return false;
  const fields = parse(line);
  return fields?.route === '/internal/sweep' && fields.status === 200 && fields.swept === 0;
}

const severities = new Set(['WARNING', 'ERROR', 'CRITICAL']);

/** Whether a line is of use to who waits for the start: what the stack says, and what a part finds wrong. */
export function isOfStart({ service, line }: LogEntry): boolean {
  if (service === 'stack') return true;
  const fields = parse(line);
  if (fields === null) return /^(?:ERROR|FATAL|PANIC): /.test(line);
  return severities.has(String(fields.severity));
}

function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, '�');
}
