import { healthRoutes, wideEvent } from '@agent-registry/service-kit';
import express, { type Express, type RequestHandler, Router } from 'express';
import type { ApiContext } from './context.ts';
import { documentRoutes } from './docs/document-routes.ts';
import { errorHandler } from './middleware/error-handler.ts';
import { requireHost } from './middleware/malformed.ts';
import { setUncountedHeaders } from './middleware/rate-limit.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { mountRoutes, noSuchRoute, otherMethod } from './mount.ts';
import { readiness } from './ready.ts';
import { routes } from './routes.ts';

/** The public service: one router, served under `/v1` and under `/`. */
export function createServer(context: ApiContext): Express {
  const app = express();
  app
    .disable('x-powered-by')
    .disable('etag')
    .set('query parser', 'simple')
    .set('case sensitive routing', true);
  app.use(wideEvent(context), securityHeaders, requireHost);
  const health = healthRoutes({ ready: () => readiness(context) });
  const documents = documentRoutes(context);
  const api = mountRoutes(context, routes);
  const othersAreReadOnly = Router().all(
    ['/health', '/ready', '/openapi.json', '/docs'],
    otherMethod(context, new Set(['GET']), 'open'),
  );
  for (const base of ['/v1', '/']) {
    app.use(base, api);
    app.use(base, uncounted(context), health, documents, othersAreReadOnly);
  }
  app.use(noSuchRoute(context), errorHandler(context));
  return app;
}

/** Probes and documents cost no tokens: a platform that asks after our health is nobody to turn away. */
function uncounted(context: ApiContext): RequestHandler {
  return (_req, res, next) => {
    setUncountedHeaders(context, res);
    next();
  };
}
