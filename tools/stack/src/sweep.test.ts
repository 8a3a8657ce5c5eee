import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitUntil } from '@agent-registry/servers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Sweep, startSweep } from './sweep.ts';

const timeoutMs = 10_000;
let servers: Server[] = [];
let sweep: Sweep | undefined;
let status: number;
let sweeps: { url: string | undefined; authorization: string | undefined }[];
let maintained: boolean[];
let tokens: (string | undefined)[];
let said: string[];

async function serve(onRequest: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(onRequest);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  [status, sweeps, maintained, tokens, said] = [200, [], [], [], []];
  const tokenIssuerUrl = await serve((request, response) => {
    tokens.push(request.url);
    response.end('a-token');
  });
  const dispatcherUrl = await serve((request, response) => {
    sweeps.push({ url: request.url, authorization: request.headers.authorization });
    request.on('data', (body: Buffer) => {
      maintained.push((JSON.parse(body.toString()) as { maintenance: boolean }).maintenance);
      response.writeHead(status).end();
    });
  });
  sweep = startSweep({ dispatcherUrls: [dispatcherUrl], tokenIssuerUrl, everyMs: 5 }, (line) =>
    said.push(line),
  );
});

afterEach(async () => {
  await sweep?.stop();
  for (const server of servers) server.close();
  servers = [];
});

describe('the local scheduler', () => {
  test('the local scheduler calls the sweep at each interval with a token for the dispatcher', async () => {
    expect(await waitUntil(() => sweeps.length >= 3, { timeoutMs })).toBe(true);
    expect(sweeps[0]).toEqual({ url: '/internal/sweep', authorization: 'Bearer a-token' });
    expect(tokens[0]).toMatch(
      /^\/token\?audience=http%3A%2F%2F127\.0\.0\.1%3A\d+&email=tasks%40agent-registry\./,
    );
  });

  test('the local scheduler asks for maintenance with its first sweep and with every fifth after it', async () => {
    expect(await waitUntil(() => maintained.length >= 7, { timeoutMs })).toBe(true);
    expect(maintained.slice(0, 7)).toEqual([true, false, false, false, false, true, false]);
  });

  test('the local scheduler logs once that the sweep fails, and once that it works again', async () => {
    status = 500;
    expect(await waitUntil(() => said.length > 0, { timeoutMs })).toBe(true);
    const before = sweeps.length;
    expect(await waitUntil(() => sweeps.length >= before + 3, { timeoutMs })).toBe(true);
    status = 200;
    expect(await waitUntil(() => said.length > 1, { timeoutMs })).toBe(true);
    expect(said).toEqual(['the sweep fails: the dispatcher answered 500', 'sweeping again']);
  });
});
