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
  /timeout exceeded when trying to connect|Connection terminated|driver has already been destroyed|not queryable|received (?:invalid|unexpected)/i;
/** SQLSTATEs after which a session is of no more use, and what the driver says of a broken protocol. */
const UNFIT = /^(?:08...|57P0.|25006)$/;
const BROKEN_PROTOCOL = /received (?:invalid|unexpected)/i;
const PROTOCOL_VIOLATION = '08P01';
const UNKNOWN_STATEMENT = '26000';
const NOT_SUPPORTED = '0A000';
const STATEMENT_TIMEOUT = '57014';
const LOCK_TIMEOUT = '55P03';

/** Whether an error says that the database cannot be reached now, and nothing of what was asked of it. */
export function isDatabaseDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isDatabaseDown)) return true;
  const code = codeOf(error);
  return DOWN.test(code) || UNREACHABLE.has(code) || BROKEN.test(error.message);
}

/** Whether a session that answers with this error must not be used again. */
export function isSessionUnfit(error: Error): boolean {
  return UNFIT.test(codeOf(error)) || BROKEN_PROTOCOL.test(error.message);
}

/**
 * Whether a statement was not run since what a session had prepared no longer holds: its result would have other columns, or it
 * was deallocated. Prepared anew it runs; in a transaction all before it is undone.
 */
export function isPlanStale(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === UNKNOWN_STATEMENT ||
    (code === NOT_SUPPORTED && (error as { routine?: unknown }).routine === 'RevalidateCachedQuery')
  );
}

/** Says what to do where a pooler such as PgBouncer refuses the parameters that a session starts with; any other error stays. */
export function explainRefusedStartup(error: unknown): unknown {
  if (codeOf(error) !== PROTOCOL_VIOLATION) return error;
  const { message } = error as Error;
  if (!/startup parameter/i.test(message)) return error;
  const explained = new Error(
    `The database's pooler refuses a session (${message}). Connect to Postgres itself, or let the pooler pass over ` +
      'statement_timeout, lock_timeout, idle_in_transaction_session_timeout and options ' +
      '(PgBouncer: ignore_startup_parameters) and set them by ALTER ROLE; migrations need Postgres itself.',
    { cause: error },
  );
  return Object.assign(explained, { code: PROTOCOL_VIOLATION });
}

/** Whether a statement waited longer for a lock than its session allows. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === LOCK_TIMEOUT;
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
