import {
  ERROR_CODES,
  type ErrorCode,
  type FieldError,
  RegistryError,
  statusOf,
} from '@agent-registry/schemas';
import { annotate, currentRequestId } from '@agent-registry/service-kit';
import type { ErrorRequestHandler, Response } from 'express';
import type { DispatcherContext } from './context.ts';

/** Answers a refusal as RFC 9457 problem+json. */
export function sendProblem(
  res: Response,
  code: ErrorCode,
  detail: string,
  errors?: readonly FieldError[],
): void {
  const requestId = currentRequestId();
  annotate({ code });
  if (code === 'unauthenticated') res.setHeader('WWW-Authenticate', 'Bearer');
  res
    .status(statusOf(code))
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: ERROR_CODES[code][1],
        status: statusOf(code),
        detail,
        ...(requestId === null ? {} : { instance: `urn:uuid:${requestId}` }),
        code,
        ...(errors === undefined ? {} : { errors }),
      }),
    );
}

/** Turns what a handler threw into an answer. Whatever is our fault is 500: Cloud Tasks sends the task again. */
export function onError(context: DispatcherContext): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    if (isBodyError(error)) {
      const isLarge = error.type === 'entity.too.large';
      sendProblem(
        res,
        isLarge ? 'payload_too_large' : 'malformed_request',
        isLarge ? 'The body is too large.' : 'The body cannot be read.',
      );
      return;
    }
    if (error instanceof RegistryError && statusOf(error.code) < 500) {
      sendProblem(res, error.code, error.detail, error.errors);
      return;
    }
    context.log.error({ error }, 'the task failed');
    sendProblem(res, 'internal', 'The task failed and is to be sent again.');
  };
}

/** What express's body reader throws for a body that the caller got wrong. */
function isBodyError(error: unknown): error is { type: string; status: number } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'type' in error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status < 500
  );
}
