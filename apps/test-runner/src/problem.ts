import { RegistryError } from '@agent-registry/schemas';
import { problemHandler } from '@agent-registry/service-kit';
import type { ErrorRequestHandler } from 'express';
import { BackendUnavailable } from './backend.ts';
import type { RunnerContext } from './context.ts';
import { fixedLimits } from './limits.ts';

/** The service-kit's problem handler; a backend that is not available is a 503. */
export function errorHandler({ log }: RunnerContext): ErrorRequestHandler {
  const { retryAfterSeconds } = fixedLimits;
  return problemHandler({
    log,
    toRefusal: (error) =>
      error instanceof BackendUnavailable
        ? new RegistryError('unavailable', error.message, { retryAfterSeconds, cause: error })
        : null,
    setHeaders: (_req, res, { code }) => {
      if (code === 'unauthenticated') res.setHeader('WWW-Authenticate', 'Bearer');
    },
  });
}
