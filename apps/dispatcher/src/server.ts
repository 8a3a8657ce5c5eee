import { pingDb } from '@agent-registry/db';
import { annotate, healthRoutes, wideEvent } from '@agent-registry/service-kit';
import { taskPaths } from '@agent-registry/tasks';
import express, { type Express, type RequestHandler } from 'express';
import type { DispatcherContext } from './context.ts';
import { createDoor, type Door } from './door.ts';
import { onError, sendProblem } from './problem.ts';
import { routes, type TaskRoute } from './routes.ts';

/** A task's body: a webhook's payload of 64 KiB at most, written as JSON twice, and its sealed secrets. */
const BODY_MAX = '512kb';
/** Webhook tasks that one process works on; as many as the platform hands an instance (infra's containerConcurrency). */
const WEBHOOKS_AT_ONCE = 80;

/** The dispatcher's HTTP interface: health for the platform, and tasks for callers with an identity token. */
export function createServer(context: DispatcherContext): Express {
  const app = express().disable('x-powered-by').disable('etag');
  app.use(wideEvent(context));
  app.use(healthRoutes({ ready: async () => ({ database: { ready: await pingDb(context.db) } }) }));
  app.use(requireCaller(context));
  app.use(express.json({ limit: BODY_MAX, strict: true }));
  const door = createDoor(WEBHOOKS_AT_ONCE, context.stopping);
  for (const route of routes) {
    const isWebhook = route.path === taskPaths.webhook;
    app.post(route.path, isWebhook ? serveWebhook(context, route, door) : serveTask(context, route));
  }
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
    const { status, outcome, details = {} } = await route.handle(context, req.body ?? {});
    annotate({ outcome });
    res.status(status).json({ outcome, ...details });
  };
}

/** Webhooks come by the hundred; each waits for its place before it asks anything of the database. */
function serveWebhook(context: DispatcherContext, route: TaskRoute, door: Door): RequestHandler {
  const serve = serveTask(context, route);
  return async (req, res, next) => {
    const work = async () => {
      context.queueLag.note(req.headers['x-cloudtasks-tasketa']);
      await serve(req, res, next);
      return true;
    };
    const isServed = await door.pass(work, (leave) => res.once('close', leave));
    if (isServed !== null) return;
    annotate({ outcome: 'not_begun' });
    res.status(500).json({ outcome: 'not_begun' });
  };
}
