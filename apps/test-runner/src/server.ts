import { createIds, systemClock, wideEvent } from '@agent-registry/service-kit';
import express, { type Express } from 'express';
import type { RunnerContext } from './context.ts';
import { errorHandler } from './problem.ts';
import { createRoutes } from './routes.ts';

export { createContext, type RunnerContext, type RunnerDeps, type VerifyToken } from './context.ts';
export { sandboxOptions } from './limits.ts';
export { createSandboxBackend } from './sandbox/index.ts';

/** The test-runner's application, over a context that is ready. */
export function createServer(context: RunnerContext): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.use(wideEvent({ ...context, ids: createIds(systemClock) }));
  app.use(createRoutes(context));
  app.use(errorHandler(context));
  return app;
}
