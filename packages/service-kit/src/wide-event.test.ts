import { afterEach, expect, test } from '@jest/globals';
import express from 'express';
import { createIds, systemClock } from './clock-and-ids.ts';
import { annotate, currentRequestId, currentTrace, traceHeaders } from './scope.ts';
import { type Running, serve } from './serve.ts';
import { noTelemetry } from './telemetry.ts';
import { capturedLog } from './testing/captured-log.ts';
import { wideEvent } from './wide-event.ts';

const { log, lines } = capturedLog();
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
let running: Running;

const start = async () => {
  const app = express();
  app.use(wideEvent({ log, ids: createIds(systemClock), telemetry: noTelemetry }));
  app.get('/jobs/:id', async (req, res) => {
    await Promise.resolve();
    annotate({ job_id: req.params.id, agent_id: 'a-1' });
    res.json({ trace: currentTrace(), request: currentRequestId(), onward: traceHeaders() });
  });
  app.get('/broken/:status', (req, res) => {
    res.status(Number(req.params.status)).end();
  });
  running = await serve({ app, host: '127.0.0.1', port: 0, log, shutdown: async () => {} });
  lines.length = 0;
};
afterEach(() => running.close());

test('a request leaves one line with its ids, route, status, duration and what the handler added', async () => {
  await start();
  const response = await fetch(`${running.url}/jobs/j-7?q=private`, {
    headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
  });
  const body = (await response.json()) as { trace: { spanId: string }; request: string; onward: object };
  await running.close();
  expect(body.trace).toMatchObject({ traceId, sampled: true });
  expect(body.onward).toEqual({ traceparent: `00-${traceId}-${body.trace.spanId}-01` });
  expect(response.headers.get('x-request-id')).toBe(body.request);
  expect(lines).toEqual([
    expect.objectContaining({
      severity: 'INFO',
      message: 'GET /jobs/:id',
      request_id: body.request,
      method: 'GET',
      route: '/jobs/:id',
      path: '/jobs/j-7',
      status: 200,
      duration_ms: expect.any(Number),
      job_id: 'j-7',
      agent_id: 'a-1',
      'logging.googleapis.com/trace': traceId,
    }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('private');
});

test('a task is named, and a failure has severity ERROR', async () => {
  await start();
  await fetch(`${running.url}/broken/500`, {
    headers: {
      'X-CloudTasks-TaskName': 't-1',
      'X-CloudTasks-QueueName': 'verification',
      'X-CloudTasks-TaskRetryCount': '2',
    },
  });
  await running.close();
  expect(lines[0]).toMatchObject({
    severity: 'ERROR',
    task: 't-1',
    queue: 'verification',
    task_retry: 2,
    status: 500,
  });
});

test.each([
  [400, 'INFO'],
  [401, 'INFO'],
  [429, 'INFO'],
  [501, 'INFO'],
  [502, 'INFO'],
  [504, 'INFO'],
  [500, 'ERROR'],
  [503, 'ERROR'],
])('an answer of %i has the severity of whoever must act: %s', async (status, severity) => {
  await start();
  await fetch(`${running.url}/broken/${status}`);
  await running.close();
  expect(lines[0]).toMatchObject({ severity, status });
});

test('a path that no route takes is logged without a route', async () => {
  await start();
  await fetch(`${running.url}/${'x'.repeat(2_000)}`);
  await running.close();
  expect(lines[0]).toMatchObject({ severity: 'INFO', route: null, status: 404 });
  expect(String(lines[0]?.path).length).toBe(300);
});
