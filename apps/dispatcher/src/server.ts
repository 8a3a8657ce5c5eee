import { assertOrigin, findLogHalt } from '@agent-registry/operations';
import { RegistryError, taskKinds } from '@agent-registry/schemas';
import {
  annotate,
  createLimiter,
  healthRoutes,
  type Limiter,
  type ReadyState,
  wideEvent,
} from '@agent-registry/service-kit';
import express, { type Express, type RequestHandler, type Response } from 'express';
import type { DispatcherContext } from './context.ts';
import { watch } from './metrics.ts';
import { errorHandler } from './problem.ts';
import { routes, type TaskRoute } from './routes.ts';

/** A task's body: a webhook's payload of 64 KiB at most, written as JSON twice, and its sealed secrets. */
const BODY_MAX = '512kb';
/** Webhook tasks that one process works on; as many as the platform hands an instance (infra's containerConcurrency). */
const WEBHOOKS_AT_ONCE = 80;

/** The dispatcher's HTTP interface: health for the platform, and tasks for callers with an identity token. */
export function createServer(context: DispatcherContext): Express {
  watch(context);
  const app = express().disable('x-powered-by').disable('etag');
  app.use(wideEvent(context));
  const ready = async () => {
    const [database, log] = await Promise.all([databaseState(context), logState(context)]);
    return log === null ? { database } : { database, log };
  };
  app.use(healthRoutes({ ready }));
  app.use(requireCaller(context));
  app.use(express.json({ limit: BODY_MAX, strict: true }));
  const limiter = createLimiter({ total: WEBHOOKS_AT_ONCE });
  for (const route of routes) {
    const isWebhook = route.kind === 'webhook';
    app.post(route.path, isWebhook ? serveWebhook(context, route, limiter) : serveTask(context, route));
  }
  app.use(() => {
    throw new RegistryError('not_found', 'There is no such task.');
  });
  app.use(errorHandler(context));
  return app;
}

async function databaseState({ databaseClock, probeWrites, log }: DispatcherContext): Promise<ReadyState> {
  try {
    await probeWrites();
    return { ready: true, ...(databaseClock && { clock_ahead_ms: await databaseClock.aheadMs() }) };
  } catch (error) {
    log.warn({ error }, 'the database is not ready');
    return { ready: false };
  }
}

/** A halted log does not make the service unready; a log with another origin does, since it must not be written to. */
async function logState({ db, signedLog, log }: DispatcherContext): Promise<ReadyState | null> {
  if (signedLog === null) return null;
  try {
    await assertOrigin(db, signedLog.signer.origin);
    const halted = await findLogHalt(db);
    return { ready: true, ...(halted && { halted }) };
  } catch (error) {
    log.warn({ error }, 'the transparency log is not ready');
    return { ready: false };
  }
}

/** Everything but health is for allowed service accounts; the body of any other caller is not even read. */
function requireCaller(context: DispatcherContext): RequestHandler {
  return async (req, _res, next) => {
    const caller = await context.oidc.verify(req.headers.authorization);
    annotate({ caller: caller.email });
    next();
  };
}

function serveTask(context: DispatcherContext, route: TaskRoute): RequestHandler {
  const { queue } = taskKinds[route.kind];
  return async (req, res) => {
    if (queue !== null) context.queueLags[queue].note(req.headers['x-cloudtasks-tasketa']);
    const { status, outcome, details = {} } = await route.handle(context, req.body ?? {});
    annotate({ outcome });
    res.status(status).json({ outcome, ...details });
  };
}

/**
 * Webhook tasks wait for a slot before they ask anything of the database. Without it, whatever the queue has piled up during an outage
 * comes in at once, contends for a few connections until every wait is longer than allowed, and fails again.
 */
function serveWebhook(context: DispatcherContext, route: TaskRoute, limiter: Limiter): RequestHandler {
  const serve = serveTask(context, route);
  return async (req, res, next) => {
    const slot = await acquireUnlessGone(limiter, res, context.stopping);
    if (slot === null) {
      annotate({ outcome: 'not_begun' });
      res.status(500).json({ outcome: 'not_begun' });
      return;
    }
    try {
      await serve(req, res, next);
    } finally {
      slot();
    }
  };
}

/** Null when the caller leaves, or the service stops, before there is a slot. */
async function acquireUnlessGone(limiter: Limiter, res: Response, stopping: AbortSignal) {
  const waiting = new AbortController();
  const leave = () => waiting.abort(null);
  res.once('close', leave);
  stopping.addEventListener('abort', leave);
  if (stopping.aborted || res.closed) leave();
  try {
    return await limiter.acquire('', waiting.signal).catch(() => null);
  } finally {
    res.off('close', leave);
    stopping.removeEventListener('abort', leave);
  }
}
