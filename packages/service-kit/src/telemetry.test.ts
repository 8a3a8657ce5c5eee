import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { createIds, systemClock } from './clock-and-ids.ts';
import { currentTrace } from './scope.ts';
import { serve } from './serve.ts';
import { startTelemetry } from './start-telemetry.ts';
import { noTelemetry } from './telemetry.ts';
import { capturedLog } from './testing/captured-log.ts';
import { wideEvent } from './wide-event.ts';

interface ExportedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: { stringValue?: string } }[];
  status?: { code?: number };
}

const received: { path: string; body: string }[] = [];
const collector = createServer((req, res) => {
  void text(req).then((body) => {
    received.push({ path: req.url ?? '', body });
    res.setHeader('Content-Type', 'application/json').end('{}');
  });
});
beforeAll(() => new Promise<void>((resolve) => void collector.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  collector.closeAllConnections();
  collector.close();
});

const spansSent = (): ExportedSpan[] =>
  received
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(
      ({ body }) =>
        (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: ExportedSpan[] }[] }[] }).resourceSpans,
    )
    .flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans));

test("a request and the spans inside it are exported as one trace that continues the caller's", async () => {
  const { port } = collector.address() as AddressInfo;
  const telemetry = await startTelemetry({ service: 'test', endpoint: `http://127.0.0.1:${port}/` });
  const { log, lines } = capturedLog();
  const app = express().use(wideEvent({ log, ids: createIds(systemClock), telemetry }));
  app.get('/work', async (_req, res) => {
    await telemetry.span('inner', { job_id: 'j-1' }, async () => res.json(currentTrace()));
    await telemetry.span('failing', {}, () => Promise.reject(new Error('no'))).catch(() => {});
  });
  const running = await serve({ app, host: '127.0.0.1', port: 0, log, shutdown: () => telemetry.shutdown() });
  const traceId = 'c'.repeat(32);
  const response = await fetch(`${running.url}/work`, {
    headers: { traceparent: `00-${traceId}-${'d'.repeat(16)}-00` },
  });
  const inner = (await response.json()) as { spanId: string };
  telemetry.counter('jobs').add(1, { state: 'completed' });
  await running.close();

  const spans = spansSent();
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  const byName = (name: string) => spans.find((span) => span.name === name);
  expect(byName('GET /work')?.parentSpanId).toBe('d'.repeat(16));
  expect(byName('inner')).toMatchObject({
    spanId: inner.spanId,
    parentSpanId: byName('GET /work')?.spanId ?? '',
  });
  expect(byName('inner')?.attributes).toEqual([{ key: 'job_id', value: { stringValue: 'j-1' } }]);
  expect(byName('failing')?.status?.code).toBe(2);
  expect(lines.find((line) => line.route === '/work')?.['logging.googleapis.com/spanId']).toBe(
    byName('GET /work')?.spanId,
  );
  const metrics = received.filter(({ path }) => path === '/v1/metrics').map(({ body }) => body);
  expect(metrics.join()).toContain('http.server.request.duration');
  expect(metrics.join()).toContain('"jobs"');
});

test('without an endpoint nothing is exported and work runs as it is', async () => {
  const telemetry = await startTelemetry({ service: 'test', endpoint: null });
  expect(telemetry).toBe(noTelemetry);
  await expect(telemetry.span('x', {}, async () => 7)).resolves.toBe(7);
});
