/** SQLSTATEs for a failed connection, too many connections, shutdown and startup, and a server that became read-only. */
const DOWN = /^(?:08...|53...|57P0.|25006)$/;
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
// What the driver and its pool say without a code. "not queryable": a connection that broke in a transaction cannot be asked to roll back.
const BROKEN =
  /timeout exceeded when trying to connect|Connection terminated|driver has already been destroyed|not queryable/i;
const STATEMENT_TIMEOUT = '57014';

/** Whether an error says that the database cannot be reached now, and nothing of what was asked of it. */
export function isDatabaseDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isDatabaseDown)) return true;
  const code = codeOf(error);
  return DOWN.test(code) || UNREACHABLE.has(code) || BROKEN.test(error.message);
}

/** Whether a statement took longer than a session allows. */
export function isStatementTimeout(error: unknown): boolean {
  return codeOf(error) === STATEMENT_TIMEOUT;
}

/** Whether the database refuses the data itself (SQLSTATE classes 22 and 23): asked again, it refuses again. */
export function isDataRefused(error: unknown): boolean {
  return /^2[23]...$/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
