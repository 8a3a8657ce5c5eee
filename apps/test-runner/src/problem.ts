import { ERROR_CODES, RegistryError, statusOf } from '@agent-registry/schemas';
import { annotate, currentRequestId } from '@agent-registry/service-kit';
import type { NextFunction, Request, Response } from 'express';
import { BackendUnavailable } from './backend.ts';
import { fixedLimits } from './limits.ts';

/** Answers what was thrown as problem+json (RFC 9457). Express knows it by its four parameters. */
export function answerProblem(error: unknown, _req: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) {
    next(error);
    return;
  }
  const refusal = toRefusal(error);
  annotate({ code: refusal.code });
  if (refusal.code === 'unauthenticated') res.set('WWW-Authenticate', 'Bearer');
  if (refusal.retryAfterSeconds !== undefined) res.set('Retry-After', String(refusal.retryAfterSeconds));
  const requestId = currentRequestId();
  res
    .status(statusOf(refusal.code))
    .type('application/problem+json')
    .json({
      type: 'about:blank',
      title: ERROR_CODES[refusal.code][1],
      status: statusOf(refusal.code),
      detail: refusal.detail,
      ...(requestId === null ? {} : { instance: `urn:uuid:${requestId}` }),
      code: refusal.code,
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
    });
}

function toRefusal(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  if (error instanceof BackendUnavailable) {
    const { retryAfterSeconds } = fixedLimits;
    return new RegistryError('unavailable', error.message, { retryAfterSeconds, cause: error });
  }
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') return new RegistryError('payload_too_large', 'the body is too large');
  if (type === 'entity.parse.failed') return new RegistryError('malformed_request', 'the body is not JSON');
  if (typeof type === 'string') return new RegistryError('malformed_request', 'the body could not be read');
  return new RegistryError('internal', 'something failed', { cause: error });
}
