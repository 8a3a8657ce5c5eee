import { ERROR_CODES, RegistryError } from '@agent-registry/schemas';
import { annotate, currentRequestId } from '@agent-registry/service-kit';
import type { ErrorRequestHandler } from 'express';
import type { ApiContext } from '../context.ts';
import { acceptedSignature } from './accepted-signature.ts';
import { hasRateHeaders, setUncountedHeaders } from './rate-limit.ts';

const RETRY_AFTER_SECONDS = 2;
/** SQLSTATEs of a database that is going, coming, full or out of time. */
const DATABASE_AWAY = /^(?:08...|57P0.|53...|57014|25006)$/;
const NETWORK_AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
]);
// A connection that broke in a transaction cannot be asked to roll back either: "not queryable" is then all that is known.
const POOL_AWAY =
  /timeout exceeded when trying to connect|Connection terminated|driver has already been destroyed|not queryable/i;

/** The one place where a refusal becomes an answer: RFC 9457 problem+json. */
export function errorHandler(context: ApiContext): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const refusal = toRefusal(error);
    const [status, title] = ERROR_CODES[refusal.code];
    annotate({ error_code: refusal.code });
    if (status >= 500) context.log.error({ error: refusal.cause ?? error }, `answering ${refusal.code}`);
    if (!hasRateHeaders(res)) setUncountedHeaders(context, res);
    if (status === 401) {
      res.setHeader('WWW-Authenticate', 'AgentSig');
      res.setHeader('Accept-Signature', acceptedSignature(req));
    }
    const retryAfter = refusal.retryAfterSeconds ?? (status === 503 ? RETRY_AFTER_SECONDS : undefined);
    if (retryAfter !== undefined) res.setHeader('Retry-After', retryAfter);
    const problem = {
      type: `${context.config.publicBaseUrl}/docs#${refusal.code}`,
      title,
      status,
      detail: refusal.detail,
      instance: `urn:uuid:${currentRequestId() ?? context.ids.next()}`,
      code: refusal.code,
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
      ...refusal.members,
    };
    // To HEAD Express sends the same headers, Content-Length included, and no body.
    res.status(status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** Whatever was thrown, as a refusal. What we did not expect is our fault, and the caller is told no more than that. */
function toRefusal(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  if (error instanceof URIError || hasStatus(error, 400)) {
    return new RegistryError('malformed_request', 'The path is not well-formed.', { cause: error });
  }
  if (isAway(error)) {
    return new RegistryError('unavailable', 'The registry cannot answer now: try again shortly.', {
      cause: error,
    });
  }
  return new RegistryError('internal', 'Something failed on our side.', { cause: error });
}

function hasStatus(error: unknown, status: number): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === status;
}

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof AggregateError && error.errors.some(isAway)) return true;
  return DATABASE_AWAY.test(code) || NETWORK_AWAY.has(code) || POOL_AWAY.test(error.message);
}
