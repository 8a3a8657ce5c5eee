import type { RequestListener } from 'node:http';
import { healthRoutes, wideEvent } from '@agent-registry/service-kit';
import express, { type RequestHandler, Router } from 'express';
import { consoleRoutes } from './console/console-routes.ts';
import { startRoutes } from './console/start-page.ts';
import type { ApiContext } from './context.ts';
import { documentRoutes } from './docs/document-routes.ts';
import { exploreRoutes } from './found/ard-explore.ts';
import { FOUND_PATHS, foundRoutes } from './found/found-routes.ts';
import { logRoutes } from './log/log-routes.ts';
import { mcpRoutes } from './mcp/mcp-routes.ts';
import { watch } from './metrics.ts';
import { checkMessage, toOriginForm } from './middleware/check-message.ts';
import { errorHandler } from './middleware/errors.ts';
import { answerOptions, cors, securityHeaders } from './middleware/headers.ts';
import { setUncountedHeaders } from './middleware/rate-limit.ts';
import { mountRoutes, noSuchRoute, otherMethod } from './mount.ts';
import { readiness } from './ready.ts';
import * as routes from './routes.ts';

const PROBES = ['/health', '/ready'];

/** The public service: one router, served under `/v1` and under `/`. */
export function createServer(context: ApiContext): RequestListener {
  watch(context);
  const app = express();
  app
    .disable('x-powered-by')
    .disable('etag')
    .set('query parser', 'simple')
    .set('case sensitive routing', true);
  app.use(wideEvent(context), securityHeaders, cors, checkMessage, serverWideOptions(context));
  const health = healthRoutes({ ready: () => readiness(context) });
  const documents = documentRoutes(context);
  const found = foundRoutes(context);
  const log = logRoutes(context);
  const mcp = mcpRoutes(context);
  const explore = exploreRoutes(context);
  const api = mountRoutes(context, Object.values(routes));
  const start = startRoutes(context);
  const console = consoleRoutes();
  const probes = [Router().all(PROBES, uncounted(context)), refuseOtherMethods(context, PROBES), health];
  const readOnly = refuseOtherMethods(context, ['/openapi.json', '/docs', '/', '/console', ...FOUND_PATHS]);
  for (const base of ['/v1', '/']) {
    // The probes first: they are asked for at all times, and every route before them is tried.
    app.use(base, probes, api, log, mcp, explore);
    app.use(base, uncounted(context), readOnly, documents, found, start);
  }
  app.use(uncounted(context), console);
  app.use(noSuchRoute(context), errorHandler(context));
  return (req, res) => {
    req.url = toOriginForm(req.url ?? '');
    app(req, res);
  };
}

/** Paths that are read and nothing else, whatever serves them. */
function refuseOtherMethods(context: ApiContext, paths: string[]): Router {
  const refuse = otherMethod(context, new Set(['GET']), 'open');
  return Router().all(paths, (req, res, next) =>
    req.method === 'GET' || req.method === 'HEAD' ? next() : refuse(req, res, next),
  );
}

/** `OPTIONS *` asks about the server and not about a path. */
function serverWideOptions(context: ApiContext): RequestHandler {
  return (req, res, next) => {
    if (req.originalUrl !== '*') {
      next();
      return;
    }
    setUncountedHeaders(context, res);
    answerOptions(res, 'DELETE, GET, HEAD, OPTIONS, PATCH, POST');
  };
}

/** Probes and documents are not rate-limited, or a busy service would look unhealthy to its platform. */
function uncounted(context: ApiContext): RequestHandler {
  return (_req, res, next) => {
    setUncountedHeaders(context, res);
    next();
  };
}
