import { pingDb } from '@agent-registry/db';
import { annotate, healthRoutes, wideEvent } from '@agent-registry/service-kit';
import { taskPaths } from '@agent-registry/tasks';
import express, { type Express, type RequestHandler } from 'express';
import type { DispatcherContext } from './context.ts';
import { onError, sendProblem } from './problem.ts';
import { routes, type TaskRoute } from './routes.ts';

/** A task's body: a webhook's payload of 64 KiB at most, written as JSON twice, and its sealed secrets. */
const BODY_MAX = '512kb';

/** The dispatcher's HTTP interface: health for the platform, and tasks for callers with an identity token. */
export function createServer(context: DispatcherContext): Express {
  const app = express().disable('x-powered-by').disable('etag');
  app.use(wideEvent(context));
  app.use(healthRoutes({ ready: async () => ({ database: { ready: await pingDb(context.db) } }) }));
  app.use(requireCaller(context));
  app.use(express.json({ limit: BODY_MAX, strict: true }));
  for (const route of routes) app.post(route.path, serveTask(context, route));
  app.use((_req, res) => sendProblem(res, 'not_found', 'There is no such task.'));
  app.use(onError(context));
  return app;
}

/** Everything but health is for the accounts that are allowed to call; the body of anybody else is not even read. */
function requireCaller(context: DispatcherContext): RequestHandler {
  return async (req, _res, next) => {
    const caller = await context.oidc.verify(req.headers.authorization);
    annotate({ caller: caller.email });
    next();
  };
}

function serveTask(context: DispatcherContext, route: TaskRoute): RequestHandler {
  return async (req, res) => {
    if (route.path === taskPaths.webhook) context.queueLag.note(req.headers['x-cloudtasks-tasketa']);
    const { status, outcome, details = {} } = await route.handle(context, req.body ?? {});
    annotate({ outcome });
    res.status(status).json({ outcome, ...details });
  };
}
