import { RegistryError, statusOf } from '@agent-registry/schemas';
import { problemHandler } from '@agent-registry/service-kit';
import type { ErrorRequestHandler } from 'express';
import type { DispatcherContext } from './context.ts';

/** The service-kit's problem handler. Every failure of ours is 500: for a 503 Cloud Tasks throttles the whole queue. */
export function errorHandler(context: DispatcherContext): ErrorRequestHandler {
  return problemHandler({
    log: context.log,
    toRefusal: (error) =>
      error instanceof RegistryError && statusOf(error.code) >= 500
        ? new RegistryError('internal', 'The task failed and is to be sent again.', { cause: error })
        : null,
    setHeaders: (_req, res, { code }) => {
      if (code === 'unauthenticated') res.setHeader('WWW-Authenticate', 'Bearer');
    },
  });
}
