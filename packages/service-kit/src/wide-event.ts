import type { IncomingMessage } from 'node:http';
import { type Ids, storableText } from '@agent-registry/schemas';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from './logger.ts';
import { runInScope, type Scope, type WideFields } from './scope.ts';
import { noTelemetry, type OpenSpan, type Telemetry, toAttributes } from './telemetry.ts';
import { parseCloudTrace, parseTraceparent, type Trace } from './trace-context.ts';

const maxPathChars = 300;
const maxHeaderChars = 200;
const probes = new Set(['/health', '/ready']);

const header = (req: IncomingMessage, name: string): string | undefined => {
  const value = req.headers[name];
  return typeof value === 'string' ? storableText(value, maxHeaderChars) : undefined;
};

const parentOf = (req: IncomingMessage): Trace | null =>
  parseTraceparent(header(req, 'traceparent')) ?? parseCloudTrace(header(req, 'x-cloud-trace-context'));

/** What Cloud Tasks says of the task that this request is. */
const taskFields = (req: IncomingMessage): WideFields => {
  const task = header(req, 'x-cloudtasks-taskname');
  if (task === undefined) return {};
  return {
    queue: header(req, 'x-cloudtasks-queuename') ?? null,
    task,
    task_retry: Number(header(req, 'x-cloudtasks-taskretrycount') ?? 0),
  };
};

// `/v1/agents/:id`, so that lines can be counted by route; null when no route took the request.
const routeOf = (req: Request): string | null => {
  const path: unknown = req.route?.path;
  return typeof path === 'string' ? `${req.baseUrl}${path}` : null;
};

/** Statuses that are logged as errors: not a caller's mistake (4xx, 501, 505), nor an agent's endpoint that failed (502, 504). */
const ours = new Set([500, 503]);

const levelOf = (path: string, status: number): 'debug' | 'info' | 'error' => {
  if (ours.has(status)) return 'error';
  return probes.has(path) ? 'debug' : 'info';
};

export interface WideEventOptions {
  readonly log: Logger;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
}

/**
 * One log line for each request or task when its response is over, with what the handlers added by
 * `annotate`. Opens the scope that `currentTrace`, `currentRequestId` and `annotate` read, and answers with
 * `X-Request-Id`. Must be the first middleware.
 */
export const wideEvent = ({ log, ids, telemetry }: WideEventOptions): RequestHandler => {
  const durations = telemetry.histogram('http.server.request.duration', 's');
  const finish = (req: Request, res: Response, scope: Scope, span: OpenSpan, startedAtMs: number): void => {
    const durationMs = performance.now() - startedAtMs;
    const path = storableText(req.originalUrl.split('?', 1)[0] ?? '', maxPathChars);
    const route = routeOf(req);
    const request = { method: req.method, route, status: res.statusCode };
    const line = {
      request_id: scope.requestId,
      ...request,
      path,
      duration_ms: Math.round(durationMs * 1_000) / 1_000,
      ...(res.writableFinished ? {} : { aborted: true }),
      ...scope.fields,
    };
    runInScope(scope, () => log[levelOf(path, res.statusCode)](line, `${req.method} ${route ?? path}`));
    if (telemetry === noTelemetry) return;
    durations.record(durationMs / 1_000, toAttributes(request));
    span.end({
      name: `${req.method} ${route ?? 'unmatched'}`,
      attributes: toAttributes({ request_id: scope.requestId, ...request, ...scope.fields }),
      failed: res.statusCode >= 500,
    });
  };
  return (req, res, next) => {
    const startedAtMs = performance.now();
    const fields = taskFields(req);
    const span = telemetry.begin(req.method, 'task' in fields ? 'consumer' : 'server', parentOf(req));
    const scope: Scope = { requestId: ids.next(), trace: span.trace, fields };
    res.setHeader('X-Request-Id', scope.requestId ?? '');
    res.once('close', () => finish(req, res, scope, span, startedAtMs));
    runInScope(scope, next);
  };
};
