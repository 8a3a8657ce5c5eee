import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { agentWith, call, newAgent, type TestAgent } from '../test/call.ts';
import { newJob, newMarket } from '../test/market.ts';
import { OPERATOR_KEY, useApi } from '../test/start-api.ts';

const HUNG_MS = 3_000;
const api = useApi();
let agent: TestAgent;
beforeAll(async () => {
  agent = await newAgent(api);
});

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Closes the connection after the last message, in the one way that every server understands. */
const LAST = 'GET /v1/fees HTTP/1.1\r\nHost: last\r\nConnection: close\r\n\r\n';

/** Sends bytes as they are, then one request more, and reads every answer but that one's until the server closes. */
async function exchange(bytes: string, isHead = false): Promise<RawAnswer[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.setTimeout(HUNG_MS, () =>
    socket.destroy(new Error(`no end after ${Buffer.concat(chunks).toString('latin1')}`)),
  );
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.once('error', (error) => (chunks.length > 0 ? resolve(Buffer.concat(chunks)) : reject(error)));
  socket.once('close', () => resolve(Buffer.concat(chunks)));
  socket.write(Buffer.from(bytes + LAST, 'latin1'));
  const answers = parseAnswers((await promise).toString('latin1'), isHead);
  const isServed = answers.at(-1)?.headers.connection === 'close' && answers.at(-1)?.status === 200;
  return isServed && answers.length > 1 ? answers.slice(0, -1) : answers;
}

function parseAnswers(text: string, isHead: boolean): RawAnswer[] {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return [];
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const status = Number(first.split(' ')[1]);
  const length = isHead ? 0 : Number(headers['content-length'] ?? 0);
  const body = text.slice(end + 4, end + 4 + length);
  return [{ status, headers, body }, ...parseAnswers(text.slice(end + 4 + length), isHead)];
}

const HOST = 'Host: registry.example\r\n';
const get = (rest: string) => `GET /v1/fees HTTP/1.1\r\n${rest}\r\n`;
const post = (rest: string, body = '') => `POST /v1/agents HTTP/1.1\r\n${HOST}${rest}\r\n${body}`;
const JSON_TYPE = 'Content-Type: application/json\r\n';

/** What a message is, its bytes, and the status and code of its answer; no code where it is served. */
const CASES: readonly (readonly [title: string, bytes: string, status: number, code?: string])[] = [
  ['a plain request', get(HOST), 200],
  ['empty lines before a request', `\r\n\r\n${get(HOST)}`, 200],
  ['no Host', get(''), 400, 'malformed_request'],
  ['an empty Host', get('Host:\r\n'), 400, 'malformed_request'],
  ['two Host lines', get(`${HOST}${HOST}`), 400, 'malformed_request'],
  ['two different Host lines', get(`${HOST}Host: other.example\r\n`), 400, 'malformed_request'],
  ['a Host with a space', get('Host: a b\r\n'), 400, 'malformed_request'],
  ['a Host with a path', get('Host: a/b\r\n'), 400, 'malformed_request'],
  ['a Host with a user', get('Host: u@a\r\n'), 400, 'malformed_request'],
  ['a Host that is a list', get('Host: a, b\r\n'), 400, 'malformed_request'],
  ['a Host with a port', get('Host: a.example:8443\r\n'), 200],
  ['a Host of IPv6', get('Host: [::1]:80\r\n'), 200],
  ['HTTP/1.0 without Host', 'GET /v1/fees HTTP/1.0\r\n\r\n', 200],
  ['HTTP/2.0 in words', 'GET /v1/fees HTTP/2.0\r\nHost: x\r\n\r\n', 505, 'http_version_not_supported'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505, 'http_version_not_supported'],
  ['HTTP/3.0', 'GET /v1/fees HTTP/3.0\r\nHost: x\r\n\r\n', 505, 'http_version_not_supported'],
  ['HTTP/0.9', 'GET /v1/fees\r\n\r\n', 505, 'http_version_not_supported'],
  ['another protocol', 'GET /v1/fees HTTX/1.1\r\nHost: x\r\n\r\n', 400, 'malformed_request'],
  ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n', 400, 'malformed_request'],
  ['an unknown method', `FOO /v1/fees HTTP/1.1\r\n${HOST}\r\n`, 501, 'not_implemented'],
  ['a method in lower case', `get /v1/fees HTTP/1.1\r\n${HOST}\r\n`, 501, 'not_implemented'],
  ['CONNECT', `CONNECT registry.example:443 HTTP/1.1\r\n${HOST}\r\n`, 501, 'not_implemented'],
  ['a method the path does not take', `PROPFIND /v1/fees HTTP/1.1\r\n${HOST}\r\n`, 405, 'method_not_allowed'],
  ['TRACE', `TRACE /v1/fees HTTP/1.1\r\n${HOST}\r\n`, 405, 'method_not_allowed'],
  ['line feeds alone', 'GET /v1/fees HTTP/1.1\nHost: x\n\n', 400, 'malformed_request'],
  ['a folded header', get(`${HOST}X-A: b\r\n c\r\n`), 400, 'malformed_request'],
  ['a space before the colon', get(`${HOST}X-A : b\r\n`), 400, 'malformed_request'],
  ['a space before the first header', get(` ${HOST}`), 400, 'malformed_request'],
  ['a header without a colon', get(`${HOST}X-A\r\n`), 400, 'malformed_request'],
  ['a NUL in a header', get(`${HOST}X-A: a\x00b\r\n`), 400, 'malformed_request'],
  ['a carriage return in a header', get(`${HOST}X-A: a\rb\r\n`), 400, 'malformed_request'],
  ['headers of 20 kB', get(`${HOST}X-A: ${'x'.repeat(20_000)}\r\n`), 431, 'headers_too_large'],
  ['101 headers', get(HOST + 'X-A: b\r\n'.repeat(100)), 431, 'headers_too_large'],
  ['100 headers', get(HOST + 'X-A: b\r\n'.repeat(99)), 200],
  ['400 headers', get(HOST + 'X-A: b\r\n'.repeat(399)), 431, 'headers_too_large'],
  [
    'an unknown transfer coding',
    post(`${JSON_TYPE}Transfer-Encoding: foo\r\n`, '{}'),
    501,
    'not_implemented',
  ],
  ['an unknown coding of a GET', get(`${HOST}Transfer-Encoding: foo\r\n`), 501, 'not_implemented'],
  [
    'a coding like chunked',
    post(`${JSON_TYPE}Transfer-Encoding: xchunked\r\n`, '0\r\n\r\n'),
    501,
    'not_implemented',
  ],
  ['an empty coding', post(`${JSON_TYPE}Transfer-Encoding:\r\n`), 400, 'malformed_request'],
  [
    'gzip, then chunked',
    post(`${JSON_TYPE}Transfer-Encoding: gzip, chunked\r\n`, '0\r\n\r\n'),
    501,
    'not_implemented',
  ],
  ['chunked, then gzip', post(`${JSON_TYPE}Transfer-Encoding: chunked, gzip\r\n`), 400, 'malformed_request'],
  [
    'chunked twice',
    post(`${JSON_TYPE}Transfer-Encoding: chunked, chunked\r\n`, '0\r\n\r\n'),
    400,
    'malformed_request',
  ],
  [
    'chunked of HTTP/1.0',
    'POST /v1/agents HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'malformed_request',
  ],
  [
    'chunked and a length',
    post(`${JSON_TYPE}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n`, '0\r\n\r\n'),
    400,
    'malformed_request',
  ],
  [
    'a length and chunked',
    post(`${JSON_TYPE}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n`, '0\r\n\r\n'),
    400,
    'malformed_request',
  ],
  [
    'two lengths',
    post(`${JSON_TYPE}Content-Length: 2\r\nContent-Length: 2\r\n`, '{}'),
    400,
    'malformed_request',
  ],
  ['a list of lengths', post(`${JSON_TYPE}Content-Length: 2, 2\r\n`, '{}'), 400, 'malformed_request'],
  ['a signed length', post(`${JSON_TYPE}Content-Length: +2\r\n`, '{}'), 400, 'malformed_request'],
  ['a length of nothing', post(`${JSON_TYPE}Content-Length:\r\n`, '{}'), 400, 'malformed_request'],
  [
    'a length beyond counting',
    post(`${JSON_TYPE}Content-Length: ${'9'.repeat(30)}\r\n`),
    400,
    'malformed_request',
  ],
  [
    'a chunk size that is none',
    post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, 'zz\r\n\r\n'),
    400,
    'malformed_request',
  ],
  [
    'a chunk ended by a line feed',
    post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, '2\n{}\r\n0\r\n\r\n'),
    400,
    'malformed_request',
  ],
  [
    'chunks with an extension and a trailer',
    post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, '2;a="b"\r\n{}\r\n0\r\nX-T: x\r\n\r\n'),
    422,
    'validation_failed',
  ],
  ['an unknown expectation', get(`${HOST}Expect: a-miracle\r\n`), 417, 'expectation_failed'],
  ['two types', post(`${JSON_TYPE}${JSON_TYPE}Content-Length: 2\r\n`, '{}'), 400, 'malformed_request'],
  [
    'another type',
    post('Content-Type: text/plain\r\nContent-Length: 2\r\n', '{}'),
    415,
    'unsupported_media_type',
  ],
  [
    'a list of types',
    post('Content-Type: application/json, text/plain\r\nContent-Length: 2\r\n', '{}'),
    415,
    'unsupported_media_type',
  ],
  ['no type', post('Content-Length: 2\r\n', '{}'), 415, 'unsupported_media_type'],
  [
    'a type of our kind',
    post('Content-Type: application/vnd.x+json\r\nContent-Length: 2\r\n', '{}'),
    422,
    'validation_failed',
  ],
  ['a GET with a body', `${get(`${HOST}${JSON_TYPE}Content-Length: 2\r\n`)}{}`, 200],
  ['an absolute target', `GET http://registry.example/v1/fees HTTP/1.1\r\n${HOST}\r\n`, 200],
  ['an absolute target of another host', `GET https://other.example:1/v1/fees HTTP/1.1\r\n${HOST}\r\n`, 200],
  [
    'an absolute target without a path',
    `GET http://registry.example HTTP/1.1\r\n${HOST}\r\n`,
    404,
    'not_found',
  ],
  [
    'an absolute target without a host',
    `GET http:///v1/fees HTTP/1.1\r\n${HOST}\r\n`,
    400,
    'malformed_request',
  ],
  [
    'an absolute target with a user',
    `GET http://u:p@registry.example/v1/fees HTTP/1.1\r\n${HOST}\r\n`,
    400,
    'malformed_request',
  ],
  [
    'an absolute target of FTP',
    `GET ftp://registry.example/v1/fees HTTP/1.1\r\n${HOST}\r\n`,
    400,
    'malformed_request',
  ],
  ['an asterisk without OPTIONS', `GET * HTTP/1.1\r\n${HOST}\r\n`, 400, 'malformed_request'],
  ['a fragment', `GET /v1/fees#part HTTP/1.1\r\n${HOST}\r\n`, 400, 'malformed_request'],
  ['a target with a space', `GET /v1/fees x HTTP/1.1\r\n${HOST}\r\n`, 400, 'malformed_request'],
  ['a slash at the end', `GET /v1/fees/ HTTP/1.1\r\n${HOST}\r\n`, 200],
  ['two slashes', `GET //v1/fees HTTP/1.1\r\n${HOST}\r\n`, 404, 'not_found'],
  ['dots in the path', `GET /v1/../v1/fees HTTP/1.1\r\n${HOST}\r\n`, 404, 'not_found'],
  ['an encoded slash in an id', `GET /v1/agents/a%2Fb HTTP/1.1\r\n${HOST}\r\n`, 404, 'not_found'],
  [
    'a percent sign that encodes nothing',
    `GET /v1/agents/%zz HTTP/1.1\r\n${HOST}\r\n`,
    400,
    'malformed_request',
  ],
  ['bytes that encode no text', `GET /v1/agents/%ff HTTP/1.1\r\n${HOST}\r\n`, 400, 'malformed_request'],
  ['an upgrade nobody offers', get(`${HOST}Upgrade: websocket\r\nConnection: Upgrade\r\n`), 200],
  ['two credentials', get(`${HOST}Authorization: a\r\nAuthorization: b\r\n`), 400, 'malformed_request'],
];

// Without a fourth value Jest would pass a callback in its place.
test.each(CASES.map(([title, bytes, status, code = null]) => [title, bytes, status, code] as const))(
  '%s: the answer is what HTTP asks for, dated, open to pages and as a problem',
  async (_title, bytes, status, code) => {
    const [answer, ...more] = await exchange(bytes);
    expect(answer?.status).toBe(status);
    expect(Date.parse(answer?.headers.date ?? '')).not.toBeNaN();
    expect(answer?.headers['access-control-allow-origin']).toBe('*');
    expect(more).toEqual([]);
    if (code === null) return;
    expect(answer?.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ status, code });
  },
);

describe('several messages on one connection', () => {
  test('are answered in their order, the last of them being none', async () => {
    const answers = await exchange(`${get(HOST)}${get(HOST)}GARBAGE\r\n\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
  });

  test('after a message that was refused nothing more is read from it', async () => {
    const smuggled = `GET /v1/health HTTP/1.1\r\n${HOST}\r\n`;
    for (const coding of ['foo', 'gzip, chunked', 'chunked, gzip']) {
      const answers = await exchange(
        post(`${JSON_TYPE}Transfer-Encoding: ${coding}\r\n`, `0\r\n\r\n${smuggled}`),
      );
      expect([coding, answers.length]).toEqual([coding, 1]);
    }
  });

  test('HTTP/1.0 keeps the connection when it is asked to, and closes it when not', async () => {
    const kept = 'GET /v1/fees HTTP/1.0\r\nConnection: keep-alive\r\n\r\n';
    expect((await exchange(kept + kept)).map(({ status }) => status)).toEqual([200, 200]);
    const closed = 'GET /v1/fees HTTP/1.0\r\n\r\n';
    expect(await exchange(closed + closed)).toHaveLength(1);
  });

  test('100-continue is granted before the body, and the request is answered after it', async () => {
    const bytes = post(`${JSON_TYPE}Expect: 100-continue\r\nContent-Length: 2\r\n`, '{}');
    expect((await exchange(bytes)).map(({ status }) => status)).toEqual([100, 422]);
  });
});

test.each(['/v1/fees', '/v1/nothing', '/v1/health', '/docs', '/v1/fees?unknown=1'])(
  'HEAD of %s has the headers of GET and no body',
  async (path) => {
    const [head] = await exchange(`HEAD ${path} HTTP/1.1\r\n${HOST}\r\n`, true);
    const [answer] = await exchange(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`);
    const varying = ['date', 'x-request-id', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'ratelimit'];
    const stable = ({ status, headers }: RawAnswer) => [
      status,
      Object.entries(headers).filter(([name]) => !varying.includes(name)),
    ];
    expect(stable(head!)).toEqual(stable(answer!));
    expect([head!.body, answer!.body.length > 0]).toEqual(['', true]);
  },
);

test('a body in an unknown content coding is 415 with Accept-Encoding, one of another type with Accept', async () => {
  const [coded] = await exchange(post(`${JSON_TYPE}Content-Encoding: gzip\r\nContent-Length: 2\r\n`, '{}'));
  expect([coded?.status, coded?.headers['accept-encoding']]).toEqual([415, 'identity']);
  const [typed] = await exchange(post('Content-Type: text/plain\r\nContent-Length: 2\r\n', '{}'));
  expect([typed?.status, typed?.headers.accept]).toEqual([415, 'application/json']);
});

test('a signed request may name its target in absolute form: the signature covers the path', async () => {
  const path = `/v1/agents/${agent.id}/balance`;
  const signed = Object.entries(agent.sign('GET', path)).map(([name, value]) => `${name}: ${value}\r\n`);
  const [answer] = await exchange(
    `GET http://anything.example${path} HTTP/1.1\r\n${HOST}${signed.join('')}\r\n`,
  );
  expect(answer?.status).toBe(200);
});

test('an empty Idempotency-Key is refused instead of being ignored', async () => {
  const reply = await agent.call('POST', `/v1/agents/${agent.id}/deposit`, {
    body: { amount: '1.00' },
    headers: { 'Idempotency-Key': '' },
  });
  expect([reply.status, reply.body.errors[0].path]).toEqual([422, 'Idempotency-Key']);
});

test('a job in another state is refused by verify in its own words', async () => {
  const market = await newMarket(api, '100.00');
  const jobId = await newJob(market, 'in_progress');
  const reply = await market.client.call('POST', `/v1/jobs/${jobId}/verify`);
  expect([reply.status, reply.body.detail]).toEqual([
    409,
    'A job that is in_progress has no delivery to verify.',
  ]);
});

describe('OPTIONS', () => {
  test.each([
    ['/v1/health', 'GET, HEAD, OPTIONS'],
    ['/docs', 'GET, HEAD, OPTIONS'],
    ['/v1/jobs', 'GET, HEAD, OPTIONS, POST'],
    ['/v1/agents/:id', 'DELETE, GET, HEAD, OPTIONS, PATCH'],
  ])('of %s is 204 with what the path takes, as a preflight asks', async (path, allow) => {
    const { status, headers, text } = await call(api, 'OPTIONS', path.replace(':id', agent.id), {
      headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'GET' },
    });
    expect([status, text, headers.get('allow'), headers.get('access-control-allow-methods')]).toEqual([
      204,
      '',
      allow,
      allow,
    ]);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const names = (headers.get('access-control-allow-headers') ?? '').toLowerCase().split(', ');
    expect(names).toEqual(
      expect.arrayContaining([
        'authorization',
        'x-timestamp',
        'x-nonce',
        'signature',
        'signature-input',
        'content-digest',
        'content-type',
        'idempotency-key',
        'prefer',
      ]),
    );
  });

  test('of what is not there is 404, and of the server 204', async () => {
    expect((await call(api, 'OPTIONS', '/v1/nothing')).status).toBe(404);
    const [answer] = await exchange(`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`);
    expect(answer?.status).toBe(204);
  });

  test('of an operators’ path is 404 without a key, and opens nothing to pages with one', async () => {
    const without = await call(api, 'OPTIONS', '/v1/operator/audit');
    const withKey = await call(api, 'OPTIONS', '/v1/operator/audit', {
      headers: { 'X-Operator-Key': OPERATOR_KEY },
    });
    expect([without.status, withKey.status, withKey.headers.get('allow')]).toEqual([
      404,
      204,
      'GET, HEAD, OPTIONS',
    ]);
    for (const { headers } of [without, withKey]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

test('a page may read an answer with its limits, its wait and its links, also where it is refused', async () => {
  const stranger = agentWith(api, '00000000-0000-7000-8000-000000000000', agent.keys);
  for (const reply of [await agent.call('GET', '/v1/jobs'), await stranger.call('GET', '/v1/jobs')]) {
    expect(reply.headers.get('access-control-allow-origin')).toBe('*');
    const exposed = (reply.headers.get('access-control-expose-headers') ?? '').split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining([
        'RateLimit',
        'X-RateLimit-Remaining',
        'Retry-After',
        'Location',
        'Link',
        'ETag',
        'WWW-Authenticate',
        'Accept-Signature',
        'Idempotency-Replayed',
      ]),
    );
  }
});
