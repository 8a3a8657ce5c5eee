import { ERROR_CODES, type ErrorCode, RegistryError } from '@agent-registry/schemas';
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Logger } from './logger.ts';
import { annotate, currentRequestId } from './scope.ts';

const RETRY_AFTER_SECONDS = 2;

export interface ProblemOptions {
  readonly log: Logger;
  /** What comes before a code in a problem's `type`; absent, the type is `about:blank`. */
  readonly typePrefix?: string;
  /** What an error of the service's own means; null for one that it does not know. */
  readonly toRefusal?: (error: unknown) => RegistryError | null;
  /** Sets further headers of a refusal. */
  readonly setHeaders?: (req: Request, res: Response, refusal: RegistryError) => void;
}

/** The members of an RFC 9457 problem, in the order they are written. */
export const problemBody = (
  { code, detail, errors, members }: Pick<RegistryError, 'code' | 'detail'> & Partial<RegistryError>,
  { typePrefix, requestId }: { typePrefix: string | undefined; requestId: string | null },
): Record<string, unknown> => ({
  type: typePrefix === undefined ? 'about:blank' : typePrefix + code,
  title: ERROR_CODES[code][1],
  status: ERROR_CODES[code][0],
  detail,
  ...(requestId === null ? {} : { instance: `urn:uuid:${requestId}` }),
  code,
  ...(errors === undefined ? {} : { errors }),
  ...members,
});

/** The one place where a refusal becomes an answer: `application/problem+json` (RFC 9457). */
export const problemHandler = (options: ProblemOptions): ErrorRequestHandler => {
  const { log, typePrefix, toRefusal, setHeaders } = options;
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const refusal = toRefusal?.(error) ?? refusalOf(error);
    const [status] = ERROR_CODES[refusal.code];
    annotate({ error_code: refusal.code });
    // A service that is full says so by design; what has a cause, or was no refusal, is for us to look at.
    if (status >= 500 && (refusal !== error || refusal.cause !== undefined))
      log.error({ error: refusal.cause ?? error }, `answering ${refusal.code}`);
    const retryAfter = refusal.retryAfterSeconds ?? (status === 503 ? RETRY_AFTER_SECONDS : undefined);
    if (retryAfter !== undefined) res.setHeader('Retry-After', retryAfter);
    setHeaders?.(req, res, refusal);
    const problem = problemBody(refusal, { typePrefix, requestId: currentRequestId() });
    // To HEAD Express sends the same headers, Content-Length included, and no body.
    res.status(status).type('application/problem+json').send(JSON.stringify(problem));
  };
};

/** Whatever was thrown, as a refusal. What we did not expect is our fault, and the caller is told no more than that. */
const refusalOf = (error: unknown): RegistryError => {
  if (error instanceof RegistryError) return error;
  const { type, status } = (typeof error === 'object' && error !== null ? error : {}) as Record<
    string,
    unknown
  >;
  const refuse = (code: ErrorCode, detail: string) => new RegistryError(code, detail, { cause: error });
  if (type === 'entity.too.large') return refuse('payload_too_large', 'The body is too large.');
  // What Express's body reader throws for a body that the caller got wrong, and its router for a path.
  if (typeof type === 'string' && typeof status === 'number' && status < 500)
    return refuse('malformed_request', 'The body cannot be read.');
  if (error instanceof URIError || status === 400)
    return refuse('malformed_request', 'The path is not well-formed.');
  return refuse('internal', 'Something failed on our side.');
};
