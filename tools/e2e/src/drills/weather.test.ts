// Outages that do not look like outages: parts that answer and cannot work, and receivers whose HTTP is legal but unusual.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { generateKeyPair, register } from '@agent-registry/client';
import { moveToSmallDisk, type SmallDisk, whyNoSmallDisk } from '@agent-registry/db/testing';
import { beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import type { TestAgent } from '../testing/index.ts';
import { useE2eStack } from '../testing/use-stack.ts';
import { mustBecome, statusOf } from './testing/parts.ts';

jest.setTimeout(240_000);
const DATABASE = 'agent_registry';
const stack = useE2eStack({}, { runner: false });
let agent: TestAgent;
let superuser: pg.Client;
let disk: SmallDisk | null = null;

beforeAll(async () => {
  const town = await stack.openTown({ maxRetries: 0, timeoutMs: 30_000 });
  agent = await town.settle('agent');
  const url = new URL(stack.database.url('superuser'));
  url.pathname = '/postgres';
  superuser = new pg.Client({ connectionString: url.href });
  await superuser.connect();
  stack.defer(() => superuser.end());
});

const isReady = (status: number) => async () => (await statusOf(`${stack.apiUrl}/ready`)) === status;
const write = () => agent.client.depositCredits({ amount: '1.00' });
const cut = () =>
  superuser.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${DATABASE}'`,
  );

test('while Postgres is failed over to a server that takes no writes: 503, not ready; then every write succeeds at once', async () => {
  await superuser.query(`ALTER DATABASE ${DATABASE} SET default_transaction_read_only = on`);
  await cut();
  await mustBecome('the api is not ready', isReady(503));
  await expect(write()).rejects.toMatchObject({ status: 503, code: 'unavailable' });
  expect(await statusOf(`${stack.apiUrl}/v1/agents/${agent.agentId}`)).toBe(200);

  await superuser.query(`ALTER DATABASE ${DATABASE} RESET default_transaction_read_only`);
  await mustBecome('the api is ready', isReady(200));
  const writes = await Promise.allSettled(Array.from({ length: 32 }, write));
  expect(writes.filter(({ status }) => status === 'rejected')).toEqual([]);
});

const withRedis = process.env.TEST_REDIS_URL === undefined ? test.skip : test;
withRedis(
  'while Redis is a read-only replica: /ready says so, and signed calls are served (skipped where there is no redis-server)',
  async () => {
    const { port, password } = new URL(stack.redisUrl ?? '');
    const tell = async (command: string) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(`AUTH ${decodeURIComponent(password)}\r\n${command}\r\nQUIT\r\n`);
      socket.resume();
      await once(socket, 'close');
    };
    const redis = async () =>
      (
        (await (await fetch(`${stack.apiUrl}/ready`)).json()) as {
          checks: { redis: { state: string; degraded: string | null } };
        }
      ).checks.redis;
    await tell('REPLICAOF 127.0.0.1 1');
    await mustBecome('/ready tells of the replica', async () => {
      await write();
      return (await redis()).degraded === 'READONLY';
    });
    expect(await isReady(200)()).toBe(true);

    await tell('REPLICAOF NO ONE');
    await mustBecome('the api uses Redis again', async () => {
      await write();
      const { state, degraded } = await redis();
      return state.startsWith('connected') && degraded === null;
    });
  },
);

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const FARM: readonly [name: string, answer: string, lastError: RegExp | null][] = [
  ['100 Continue first', `HTTP/1.1 100 Continue\r\n\r\n${OK}`, null],
  ['103 Early Hints first', `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}`, null],
  ['no reason phrase', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n', null],
  ['a folded header', 'HTTP/1.1 200 OK\r\nx-a: b\r\n c\r\ncontent-length: 0\r\n\r\n', null],
  ['bare newlines', 'HTTP/1.1 200 OK\ncontent-length: 0\n\n', null],
  [
    'chunks with extensions and a trailer',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nx-a: b\r\n\r\n',
    null,
  ],
  ['no length', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nok', null],
  ['204 with a body', 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nok', null],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nok', null],
  ['garbage after the answer', `${OK}\u0000\u0001`, null],
  [
    '301',
    'HTTP/1.1 301 Moved\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n',
    /answered 301: redirects are not followed/,
  ],
  ['status 099', 'HTTP/1.1 099 Almost\r\ncontent-length: 0\r\n\r\n', /response: .* status is 099/],
];

/** Answers every request, once it has come whole, with these bytes, and closes. */
async function openOddReceiver(
  answer: string,
): Promise<{ url: string; server: Server; requests: () => number }> {
  let requests = 0;
  const server = createServer((socket) => {
    let got = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1');
      const [head = '', body] = got.split('\r\n\r\n');
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1]);
      if (body === undefined || body.length < length) return;
      requests += 1;
      got = '';
      socket.end(answer, 'latin1');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, server, requests: () => requests };
}

test('twelve receivers whose HTTP is unusual: ten get their ping once, and of two it is said why they do not', async () => {
  const db = await stack.connect();
  const found: [string, unknown, unknown][] = [];
  for (const [name, answer, lastError] of FARM) {
    const receiver = await openOddReceiver(answer);
    const profile = { display_name: name, endpoint_url: receiver.url };
    const { agent: odd } = await register({ baseUrl: stack.apiUrl }, profile, generateKeyPair());
    const read = async () =>
      (
        await db.query<{ status: string; last_error: string | null }>(
          'SELECT status, last_error FROM webhook_deliveries WHERE agent_id = $1',
          [odd.agent_id],
        )
      ).rows[0];
    await mustBecome(`${name} has an outcome`, async () => {
      const row = await read();
      return row?.status === 'delivered' || (row?.last_error ?? null) !== null;
    });
    const row = await read();
    if (lastError === null) found.push([name, row?.status, receiver.requests()]);
    else found.push([name, lastError.test(row?.last_error ?? ''), row?.last_error]);
    receiver.server.close();
  }
  expect(found).toEqual(
    FARM.map(([name, , lastError]) =>
      lastError === null ? [name, 'delivered', 1] : [name, true, expect.any(String)],
    ),
  );
});

const withDisk = whyNoSmallDisk() === null ? test : test.skip;
withDisk(
  'while the disk is full: 503, not ready; with room again all is well (skipped where nothing can be mounted)',
  async () => {
    for (const part of ['api', 'dispatcher'] as const) await stack.stopService(part);
    await cut();
    const server = new URL(stack.database.url('superuser'));
    server.pathname = '/postgres';
    disk = await moveToSmallDisk(server.href, DATABASE);
    for (const part of ['dispatcher', 'api'] as const) await stack.startService(part);
    await write();
    disk.fill();
    await mustBecome('the api is not ready', isReady(503));
    expect(await statusOf(`${stack.apiUrl}/health`)).toBe(200);

    disk.empty();
    await mustBecome('the api is ready', isReady(200));
    await write();
    for (const part of ['api', 'dispatcher'] as const) await stack.stopService(part);
    await cut();
    await superuser.query(`ALTER DATABASE ${DATABASE} SET TABLESPACE pg_default`);
    await disk.remove();
  },
);
