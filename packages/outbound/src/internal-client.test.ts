import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createInternalClient, type InternalClient, UnreadableAnswer } from './internal-client.ts';

let server: Server | undefined;
let client: InternalClient | undefined;

async function listen(handle: RequestListener): Promise<string> {
  const started = createServer(handle);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/run`;
}

afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  server?.close();
});

test('the client for our own services sends a request once and gives back what was answered, whatever its status', async () => {
  const url = await listen((req, res) => {
    res.writeHead(503).end(`${req.method} ${req.url} ${req.headers.authorization}`);
  });
  client = createInternalClient({ timeoutMs: 5_000 });
  const headers = { authorization: 'Bearer t' };
  expect(await client.exchange({ method: 'POST', url, headers, body: '{}' })).toEqual({
    status: 503,
    text: 'POST /run Bearer t',
  });
});

test('the client for our own services follows no redirect', async () => {
  const url = await listen((_req, res) => void res.writeHead(302, { location: '/elsewhere' }).end());
  client = createInternalClient({ timeoutMs: 5_000 });
  expect((await client.exchange({ method: 'GET', url })).status).toBe(302);
});

test('the client for our own services gives up at its deadline, at a shorter one of the request’s own, and when it is told to', async () => {
  const url = await listen(() => undefined);
  client = createInternalClient({ timeoutMs: 50 });
  await expect(client.exchange({ method: 'GET', url })).rejects.toThrow('timeout');
  await client.close();
  client = createInternalClient({ timeoutMs: 600_000 });
  await expect(client.exchange({ method: 'GET', url, timeoutMs: 50 })).rejects.toThrow('timeout');
  const stop = new AbortController();
  const told = client.exchange({ method: 'GET', url, signal: stop.signal });
  stop.abort();
  await expect(told).rejects.toThrow('aborted');
});

test('the client for our own services refuses an answer beyond its bound', async () => {
  const url = await listen((_req, res) => void res.end('x'.repeat(2_000)));
  client = createInternalClient({ timeoutMs: 5_000, maxResponseBytes: 1_000 });
  await expect(client.exchange({ method: 'GET', url })).rejects.toThrow(UnreadableAnswer);
});

test('the client for our own services tells an answer that breaks off from no answer at all', async () => {
  const url = await listen((_req, res) => {
    res.writeHead(200, { 'content-length': '100' }).write('half', () => res.destroy());
  });
  client = createInternalClient({ timeoutMs: 5_000 });
  await expect(client.exchange({ method: 'GET', url })).rejects.toThrow(UnreadableAnswer);
  const nobody = client.exchange({ method: 'GET', url: 'http://127.0.0.1:9' });
  await expect(nobody).rejects.not.toThrow(UnreadableAnswer);
});
