import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { routes } from './routes.ts';
import { type CallOptions, call, type Reply, type TestAgent } from './testing/call.ts';
import { newJob, newMarket } from './testing/market.ts';
import { OPERATOR_KEY, startApi, type TestApi } from './testing/start-api.ts';

const AT_ONCE = 16;
const HUNG_MS = 5_000;
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const cursor = (text: string) => `?cursor=${Buffer.from(text).toString('base64url')}`;
const NOBODY = '00000000-0000-7000-8000-000000000000';

/** Bodies that no endpoint with a body takes. */
const BODIES: readonly string[] = [
  'null',
  '[]',
  '1',
  '"text"',
  '{',
  '{"a":1,}',
  "{'a':1}",
  'undefined',
  nested(65),
  nested(100_000),
  `{"a":${nested(64)}}`,
  '{"a":"\\ud800"}',
  '{"a\\udfff":1}',
  '{"a":"\\u0000"}',
  '{"amount":1e400,"max_budget":1e400,"rating":1e400,"base_price":-1e400,"proposed_price":1e400,"public_key":1e400}',
  '{"amount":"1e400","rating":"5","base_price":"0x10","proposed_price":"١","since":"0000-00-00T00:00:00Z","delivery_deadline":"2026-02-30T00:00:00Z"}',
  `{"amount":${'9'.repeat(400)},"max_budget":${'9'.repeat(400)},"base_price":${'9'.repeat(400)},"note":7,"rating":${'9'.repeat(400)}}`,
];
/** Bodies that some endpoint may take, strange as they are. */
const STRANGE_BODIES: readonly string[] = [
  '',
  '{}',
  '\ufeff{}',
  '{"__proto__":{"display_name":1},"constructor":{"prototype":{}}}',
  `{"result":${nested(60)},"requirements":-0.0}`,
  '{"since":"0001-01-01T00:00:00Z","until":"9999-12-31T23:59:59+23:59","new_public_key":"ff"}',
  `{"seller_agent_id":"${NOBODY}","max_budget":1,"acceptance_criteria":{"tests":[{"test_id":"a","type":"count_gte","params":{"path":"$","min_count":1e400}}]}}`,
];
const QUERIES: readonly string[] = [
  '?limit=%00',
  '?limit=1&limit=2',
  '?__proto__=1&constructor=2',
  '?%ff=%ff',
  '?skill_id=%ED%A0%80&status=%00',
  '?limit=100&offset=10000',
  `?q=${encodeURIComponent("';--")}`,
  `?q=${encodeURIComponent('&|!():*<->')}`,
  `?q=${encodeURIComponent("\\'")}`,
  '?q=the',
  '?q=%F0%9F%92%A9',
  '?cursor=%00',
  '?cursor=AAAA',
  ...[
    'jobs',
    'reviews',
    'listings',
    'agent-listings',
    'events',
    'runs',
    'webhooks',
    'audit',
    'jobs-disputed',
  ].map((list) => cursor(`${list} 99999999999999 ${NOBODY}`)),
  cursor('transactions 999999999999999999'),
  cursor(`discover 1 5 9999999999 ${NOBODY}`),
];

let api: TestApi;
let alice: TestAgent;
let jobId = '';
beforeAll(async () => {
  api = await startApi();
  const market = await newMarket(api);
  alice = market.client;
  jobId = await newJob(market, 'delivered');
});
afterAll(() => api.stop());

let sent = 0;
function send(
  contract: (typeof routes)[number]['contract'],
  suffix: string,
  options: CallOptions,
): Promise<Reply> {
  sent += 1;
  const filled = contract.path
    .replace(':agent_id', alice.id)
    .replace(':job_id', jobId)
    .replace(/:[a-z_]+/, NOBODY);
  const path = `/v1${filled}${suffix}`;
  const headers: Record<string, string> =
    contract.access === 'operator'
      ? { 'X-Operator-Key': OPERATOR_KEY, 'Idempotency-Key': `hostile-${sent}` }
      : { ...alice.sign(contract.method, path, options), Prefer: 'wait=0' };
  return call(api, contract.method, path, { ...options, headers });
}

async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE)
    await Promise.all(items.slice(at, at + AT_ONCE).map(work));
}

async function stored(): Promise<Record<string, unknown>> {
  const tables = [
    'agents',
    'listings',
    'jobs',
    'reviews',
    'events',
    'transfers',
    'postings',
    'outbox',
  ] as const;
  const counts = tables.map(async (table) => {
    const found = api.db.selectFrom(table).select((eb) => eb.fn.countAll<bigint>().as('rows'));
    return [table, (await found.executeTakeFirstOrThrow()).rows];
  });
  return Object.fromEntries(await Promise.all(counts));
}

const posts = routes.map(({ contract }) => contract).filter(({ body }) => body !== undefined);
const gets = routes.map(({ contract }) => contract).filter(({ method }) => method === 'GET');

describe('every route answers what is hostile with a refusal, and keeps nothing of it', () => {
  test('bodies', async () => {
    const before = await stored();
    const cases = posts.flatMap((contract) => BODIES.map((raw) => ({ contract, raw })));
    await inBatches(cases, async ({ contract, raw }) => {
      const { status } = await send(contract, '', { raw });
      // An endpoint whose members are all optional takes an object that has none of them.
      const isTaken = status < 300 && raw.startsWith('{') && contract.body?.safeParse({}).success === true;
      expect([contract.id, raw.slice(0, 60), isTaken || [400, 409, 422].includes(status)]).toEqual([
        contract.id,
        raw.slice(0, 60),
        true,
      ]);
    });
    const after = await stored();
    expect({ ...after, events: 0n, outbox: 0n }).toEqual({ ...before, events: 0n, outbox: 0n });
  });

  test('strange bodies are never our fault', async () => {
    const cases = posts.flatMap((contract) => STRANGE_BODIES.map((raw) => ({ contract, raw })));
    await inBatches(cases, async ({ contract, raw }) => {
      expect([contract.id, raw, (await send(contract, '', { raw })).status < 500]).toEqual([
        contract.id,
        raw,
        true,
      ]);
    });
  });

  test('queries', async () => {
    const cases = gets.flatMap((contract) => QUERIES.map((query) => ({ contract, query })));
    await inBatches(cases, async ({ contract, query }) => {
      const { status } = await send(contract, query, {});
      expect([contract.id, query, [200, 404, 422].includes(status)]).toEqual([contract.id, query, true]);
    });
  });

  test('prototypes stay as they were', () => {
    expect(({} as Record<string, unknown>).display_name).toBeUndefined();
  });
});

/** Sends bytes as they are, and returns the first line of what comes back. */
function sendBytes(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    const timer = setTimeout(() => socket.destroy(new Error('hung')), HUNG_MS);
    const finish = (line: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(line);
    };
    socket.once('data', (data) => finish(data.toString('latin1').split('\r\n')[0] ?? ''));
    socket.once('error', (error) => finish(error.message));
    socket.once('close', () => finish('closed'));
    socket.write(Buffer.from(bytes, 'latin1'));
  });
}

test.each(
  [
    ['GET //v1/fees HTTP/1.1\r\nHost: x\r\n\r\n', '404'],
    ['GET /v1/%2e%2e/fees HTTP/1.1\r\nHost: x\r\n\r\n', '404'],
    ['OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', '204'],
    ['TRACE /v1/fees HTTP/1.1\r\nHost: x\r\n\r\n', '405'],
    ['GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n', '400'],
    ['GET /v1/fees\x00 HTTP/1.1\r\nHost: x\r\n\r\n', '400'],
    ['POST /v1/agents HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', '400'],
    [
      'POST /v1/agents HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['GET /v1/fees HTTP/1.1\r\nHost: x\r\nAuthorization: AgentSig \xff\r\n\r\n', '401'],
    ['GET /v1/operator/audit HTTP/1.1\r\nHost: x\r\nX-Operator-Key: \xff\xfe\r\n\r\n', '404'],
    [`GET /v1/fees HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
    ['GET /v1/fees HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ,,,\r\n\r\n', '200'],
  ].map(([bytes = '', status = '']) => [bytes.slice(0, 80), status, bytes]),
)('the bytes %j… are answered %s', async (_shown, status, bytes = '') => {
  expect((await sendBytes(bytes)).split(' ')[1]).toBe(status);
});
