import { afterEach, expect, test } from '@jest/globals';
import express from 'express';
import { healthRoutes, type ReadyState } from './health-routes.ts';
import { type Running, serve } from './serve.ts';
import { capturedLog } from './testing/captured-log.ts';

let running: Running;
const get = async (path: string, ready: () => Promise<Record<string, ReadyState>>) => {
  const app = express().use(healthRoutes({ ready }));
  running = await serve({
    app,
    host: '127.0.0.1',
    port: 0,
    log: capturedLog().log,
    shutdown: async () => {},
  });
  const response = await fetch(running.url + path);
  return { status: response.status, body: await response.json() };
};
afterEach(() => running.close());

test('/health answers whatever the parts say', async () => {
  const answer = await get('/health', () => Promise.reject(new Error('down')));
  expect(answer).toEqual({ status: 200, body: { status: 'ok' } });
});

test('/ready is 200 with what each part tells of itself', async () => {
  const answer = await get('/ready', async () => ({ sandbox: { ready: true, runtimes: ['javascript'] } }));
  expect(answer).toEqual({
    status: 200,
    body: { status: 'ready', checks: { sandbox: { ready: true, runtimes: ['javascript'] } } },
  });
});

test('/ready is 503 when one part is not', async () => {
  const answer = await get('/ready', async () => ({ database: { ready: false }, redis: { ready: true } }));
  expect(answer.status).toBe(503);
});

test('/ready is 503 and silent about the reason when the check itself fails', async () => {
  const answer = await get('/ready', () => Promise.reject(new Error('password hunter2 refused')));
  expect(answer).toEqual({
    status: 503,
    body: { status: 'not_ready', checks: { service: { ready: false } } },
  });
});
