import { types } from 'node:util';
import { storableText } from '@agent-registry/schemas';
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { gatherLines } from './gather-lines.ts';
import { currentTrace } from './scope.ts';

export type Logger = PinoLogger;

const severities: Record<string, string> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

// Defence in depth: nobody is to log these, so their values are redacted in the first three levels of a line's fields.
const secretNames = new Set([
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'signature',
  'privateKey',
  'private_key',
  'apiKey',
  'api_key',
  'signingKey',
  'currentKey',
  'acceptedKeys',
  'webhookSecret',
  'webhook_secret',
  'body',
  'payload',
  'deliverable',
  'result',
  'stdout',
  'stderr',
  'x-operator-key',
  'x-serverless-authorization',
]);
const censor = '[redacted]';
const redactedLevels = 3;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !types.isNativeError(value);

/**
 * The fields without what secret names hold. They are copied only where there is something to take out: every request's line comes
 * through here, and pino's own redaction walks all its paths for each.
 */
const redact = (fields: Record<string, unknown>, levels = redactedLevels): Record<string, unknown> => {
  let clean = fields;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const deeper = levels > 1 && isRecord(value) ? redact(value, levels - 1) : value;
    const shown = secretNames.has(name) && value !== undefined ? censor : deeper;
    if (shown === value) continue;
    if (clean === fields) clean = { ...fields };
    clean[name] = shown;
  }
  return clean;
};

const maxStackChars = 4_000;
const maxMessageChars = 1_000;
const maxCauses = 3;

/** An error as it is logged: not its other properties, for a database's error quotes the row. */
const describeError = (error: unknown, depth = 0): unknown => {
  if (!types.isNativeError(error))
    return typeof error === 'string' ? storableText(error, maxMessageChars) : typeof error;
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
      ? { code: error.code }
      : {};
  const cause =
    error.cause !== undefined && depth < maxCauses ? { cause: describeError(error.cause, depth + 1) } : {};
  const message = storableText(error.message, maxMessageChars);
  const stack = error.stack === undefined ? {} : { stack: storableText(error.stack, maxStackChars) };
  return { type: error.name, message, ...code, ...stack, ...cause };
};

const traceFields = (project: string | null): Record<string, string | boolean> => {
  const trace = currentTrace();
  if (trace === null) return {};
  return {
    'logging.googleapis.com/trace':
      project === null ? trace.traceId : `projects/${project}/traces/${trace.traceId}`,
    'logging.googleapis.com/spanId': trace.spanId,
    'logging.googleapis.com/trace_sampled': trace.sampled,
  };
};

export interface LoggerOptions {
  readonly service: string;
  /** `trace` … `fatal`, or `silent`. */
  readonly level: string;
  /** The Google Cloud project, which makes the trace field a link. */
  readonly project?: string | null;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

const standardOutput = (): DestinationStream => {
  const output = pino.destination({ dest: 1, sync: false });
  return gatherLines({
    write: (text) => void output.write(text),
    // Before pino's own listener, which empties the output.
    onExit: (flush) => void process.prependListener('exit', flush),
  });
};

/** JSON lines as Google Cloud Logging reads them, each with the trace it belongs to. */
export const createLogger = ({ service, level, project = null, destination }: LoggerOptions): Logger => {
  const options = {
    level,
    base: { service },
    messageKey: 'message',
    errorKey: 'error',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ severity: severities[label] ?? 'DEFAULT' }),
      log: (fields: Record<string, unknown>) => redact(fields),
    },
    mixin: () => traceFields(project),
    serializers: {
      error: (error: unknown) => describeError(error),
      err: (error: unknown) => describeError(error),
    },
  };
  return pino(options, destination ?? standardOutput());
};
