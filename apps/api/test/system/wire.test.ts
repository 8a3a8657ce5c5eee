import { beforeAll, describe, expect, test } from '@jest/globals';
import { newAgent, type TestAgent } from '../call.ts';
import { useApi } from '../start-api.ts';
import { fingerprint } from './fingerprint.ts';
import { assertProblem, converse } from './send.ts';

const api = useApi();
let agent: TestAgent;
beforeAll(async () => {
  agent = await newAgent(api);
  await agent.call('GET', '/v1/jobs');
  await api.context.background.idle();
});

const CRLF = '\r\n';
const message = (start: string, headers: readonly string[], body = '') =>
  [start, 'Host: registry', ...headers, '', body].join(CRLF);
const PROFILE = '{"display_name":"x"}';
const TYPE = 'Content-Type: application/json';
const patch = (...headers: string[]) =>
  [`PATCH /v1/agents/${agent.id} HTTP/1.1`, [TYPE, ...headers]] as const;
const flood = (count: number, width: number) =>
  Array.from({ length: count }, (_, index) => `X-${index}: ${'x'.repeat(width)}`);

/** Every response that came back on a connection. */
function responses(text: string) {
  const found: { status: number; headers: Headers; text: string }[] = [];
  for (let rest = text; rest !== ''; ) {
    const [head = '', ...bodies] = rest.split(CRLF + CRLF);
    const [start = '', ...lines] = head.split(CRLF);
    const headers = new Headers(lines.map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
    const length = Number(headers.get('content-length') ?? 0);
    const after = bodies.join(CRLF + CRLF);
    const body = Buffer.from(after).subarray(0, length).toString();
    found.push({ status: Number(start.split(' ')[1]), headers, text: body });
    rest = Buffer.from(after).subarray(length).toString();
  }
  return found;
}

/** What is no request at all, or not a whole one; each ends its connection with a refusal. */
const WRECKS: readonly (readonly [string, number, () => string | Buffer])[] = [
  ['no HTTP', 400, () => 'hello\r\n\r\n'],
  [
    'a TLS greeting',
    400,
    () => Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
  ],
  ['HTTP/3.0', 505, () => message('GET /v1/fees HTTP/3.0', [])],
  ['a method that is none', 501, () => message('STEAL /v1/fees HTTP/1.1', [])],
  ['a space in the path', 400, () => message('GET /v1/fe es HTTP/1.1', [])],
  ['a raw NUL in the path', 400, () => message('GET /v1/\u0000 HTTP/1.1', [])],
  ['a raw NUL in a header', 400, () => message('GET /v1/fees HTTP/1.1', ['X-A: \u0000'])],
  ['a folded header', 400, () => message('GET /v1/fees HTTP/1.1', ['X-A: a', ' b: c'])],
  ['a header without a colon', 400, () => message('GET /v1/fees HTTP/1.1', ['nonsense'])],
  ['a header of 64 KiB', 431, () => message('GET /v1/fees HTTP/1.1', [`X-A: ${'x'.repeat(65_536)}`])],
  ['a flood of large headers', 431, () => message('GET /v1/fees HTTP/1.1', flood(2_000, 64))],
  ['two lengths', 400, () => message(...patch('Content-Length: 20', 'Content-Length: 21'), PROFILE)],
  ['a length that is none', 400, () => message(...patch('Content-Length: many'), PROFILE)],
  ['a negative length', 400, () => message(...patch('Content-Length: -1'), PROFILE)],
  [
    'a length and chunks',
    400,
    () => message(...patch('Content-Length: 20', 'Transfer-Encoding: chunked'), PROFILE),
  ],
  ['a length beyond all numbers', 400, () => message(...patch(`Content-Length: ${'9'.repeat(40)}`), PROFILE)],
];

describe('bytes that are no request are refused as every other refusal, and the connection is closed', () => {
  test.each(WRECKS)('%s: %d', async (_name, status, bytes) => {
    const before = await fingerprint(api.db);
    const [refusal, ...more] = responses(await converse(api, bytes()));
    expect([refusal?.status, more]).toEqual([status, []]);
    assertProblem(refusal!);
    expect(refusal!.headers.has('ratelimit')).toBe(true);
    expect(await fingerprint(api.db)).toEqual(before);
  });
});

/** Requests that say how their connection ends; each is answered to the letter of the contract. */
const ODDITIES: readonly (readonly [string, number, () => string])[] = [
  ['no Host', 400, () => ['GET /v1/fees HTTP/1.1', 'Connection: close', '', ''].join(CRLF)],
  ['HTTP/1.0 without Host', 200, () => ['GET /v1/fees HTTP/1.0', '', ''].join(CRLF)],
  [
    'many small headers',
    431,
    () => message('GET /v1/fees HTTP/1.1', ['Connection: close', ...flood(150, 1)]),
  ],
  ['an absolute target', 404, () => message('GET http://elsewhere/v2/fees HTTP/1.1', ['Connection: close'])],
  ['a target of another host', 404, () => message('GET //elsewhere/v1/fees HTTP/1.1', ['Connection: close'])],
  ['the server as a whole', 204, () => message('OPTIONS * HTTP/1.1', ['Connection: close'])],
  ['a trace', 405, () => message('TRACE /v1/fees HTTP/1.1', ['Connection: close'])],
  ['dots in the path', 404, () => message('GET /v1/%2e%2e/fees HTTP/1.1', ['Connection: close'])],
  [
    'credentials above ASCII',
    401,
    () => message('GET /v1/fees HTTP/1.1', ['Connection: close', 'Authorization: AgentSig \u00ff']),
  ],
  [
    'an operator key above ASCII',
    404,
    () => message('GET /v1/operator/audit HTTP/1.1', ['Connection: close', 'X-Operator-Key: \u00ff']),
  ],
  [
    'addresses that are none',
    200,
    () => message('GET /v1/fees HTTP/1.1', ['Connection: close', 'X-Forwarded-For: ,,,']),
  ],
  ['bytes above ASCII', 400, () => message('GET /v1/caf\u00e9 HTTP/1.1', ['Connection: close'])],
  [
    'an upgrade',
    200,
    () => message('GET /v1/fees HTTP/1.1', ['Connection: close, upgrade', 'Upgrade: websocket']),
  ],
  ['an expectation', 417, () => message('GET /v1/fees HTTP/1.1', ['Connection: close', 'Expect: miracles'])],
  [
    'chunks',
    401,
    () =>
      message(
        ...patch('Connection: close', 'Transfer-Encoding: chunked'),
        `14${CRLF}${PROFILE}${CRLF}0${CRLF}${CRLF}`,
      ),
  ],
];

describe('odd requests are answered', () => {
  test.each(ODDITIES)('%s: %d', async (_name, status, bytes) => {
    const [answer] = responses(await converse(api, bytes()));
    expect([answer?.status, answer?.text]).toEqual([status, expect.anything()]);
    if (status >= 400) assertProblem(answer!);
  });
});

/** Bodies that break off; the second value says whether the caller says that no more will come. */
const signedPatch = (...headers: string[]) => {
  const signed = Object.entries(agent.sign('PATCH', `/v1/agents/${agent.id}`, { raw: PROFILE }));
  return patch(...headers, ...signed.map(([name, value]) => `${name}: ${value}`));
};
const TORN: readonly (readonly [string, () => string])[] = [
  [
    'chunks that are none',
    () => message(...signedPatch('Transfer-Encoding: chunked'), `zz${CRLF}${PROFILE}`),
  ],
  [
    'chunks beyond all numbers',
    () => message(...signedPatch('Transfer-Encoding: chunked'), `${'f'.repeat(20)}${CRLF}x`),
  ],
  ['chunks cut short', () => message(...signedPatch('Transfer-Encoding: chunked'), `ff${CRLF}${PROFILE}`)],
  ['a length that is too long', () => message(...signedPatch('Content-Length: 21'), PROFILE)],
  ['headers cut short', () => message(...signedPatch('Content-Length: 20')).slice(0, 80)],
];

describe('a request that breaks off changes nothing, and its connection is not kept', () => {
  test.each(TORN)('%s', async (_name, bytes) => {
    const before = await fingerprint(api.db, ['nonces']);
    for (const { status } of responses(await converse(api, bytes(), { halfClose: true }))) {
      expect([400, 401]).toContain(status);
    }
    expect(await fingerprint(api.db, ['nonces'])).toEqual(before);
  });
});

test('a caller who says half a sentence and waits is not waited for', async () => {
  const before = await fingerprint(api.db, ['nonces']);
  const halves = [
    message(...signedPatch('Content-Length: 21'), PROFILE),
    message(...signedPatch('Transfer-Encoding: chunked'), `ff${CRLF}${PROFILE}`),
    message(...signedPatch('Content-Length: 20')).slice(0, 80),
    'GET',
  ];
  const said = await Promise.all(halves.map((half) => converse(api, half)));
  for (const text of said) {
    expect(responses(text).map(({ status }) => status)).toEqual([408]);
    assertProblem(responses(text)[0]!);
  }
  expect(await fingerprint(api.db, ['nonces'])).toEqual(before);
}, 90_000);

test('what follows a body that was said to be shorter is no part of it, and no request', async () => {
  const [start, headers] = signedPatch('Content-Length: 20');
  const said = responses(await converse(api, message(start, headers, `${PROFILE}{"display_name":"y"}`)));
  expect(said.at(-1)?.status).toBe(400);
  expect((await agent.call('GET', `/v1/agents/${agent.id}`)).body.display_name).not.toBe('y');
});
