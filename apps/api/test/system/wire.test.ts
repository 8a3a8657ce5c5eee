import { beforeAll, describe, expect, test } from '@jest/globals';
import { newAgent, type TestAgent } from '../call.ts';
import { useApi } from '../start-api.ts';
import { fingerprint } from './fingerprint.ts';
import { get, HOST, JSON_TYPE, MESSAGES, post } from './http-messages.ts';
import { assertProblem, converse, type Sent } from './send.ts';

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

/** Every response that came back on a connection. */
function responses(text: string, isHead = false): Sent[] {
  const found: Sent[] = [];
  for (let rest = text; rest !== ''; ) {
    const [head = '', ...bodies] = rest.split(CRLF + CRLF);
    const [start = '', ...lines] = head.split(CRLF);
    const headers = new Headers(lines.map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
    const length = isHead ? 0 : Number(headers.get('content-length') ?? 0);
    const after = Buffer.from(bodies.join(CRLF + CRLF));
    const body = after.subarray(0, length).toString();
    found.push({ status: Number(start.split(' ')[1]), headers, text: body });
    rest = after.subarray(length).toString();
  }
  return found;
}

/** Closes the connection after the last message, in the one way that every server understands. */
const LAST = 'GET /v1/fees HTTP/1.1\r\nHost: last\r\nConnection: close\r\n\r\n';

/** Sends bytes as they are, then one request more, and gives every answer but that one's. */
async function exchange(bytes: string, isHead = false): Promise<Sent[]> {
  const answers = responses(await converse(api, Buffer.from(bytes + LAST, 'latin1')), isHead);
  const last = answers.at(-1);
  const isServed = last?.headers.get('connection') === 'close' && last.status === 200;
  return isServed && answers.length > 1 ? answers.slice(0, -1) : answers;
}

describe('a message to the letter', () => {
  let before: Record<string, string>;
  beforeAll(async () => {
    before = await fingerprint(api.db);
  });

  test.each(MESSAGES)(
    '%s: the answer is what HTTP asks for, dated, open to pages and as a problem',
    async (_title, bytes, status) => {
      const [answer, ...more] = await exchange(bytes);
      expect([answer?.status, more]).toEqual([status, []]);
      expect(Date.parse(answer!.headers.get('date') ?? '')).not.toBeNaN();
      expect(answer!.headers.get('access-control-allow-origin')).toBe('*');
      if (status < 400) return;
      assertProblem(answer!);
      expect(answer!.headers.has('ratelimit')).toBe(true);
    },
  );

  test('of all these malformed messages none has stored anything', async () => {
    expect(await fingerprint(api.db)).toEqual(before);
  });
});

test('an operator key above ASCII is 404, as a wrong one is', async () => {
  const [answer] = await exchange(`GET /v1/operator/audit HTTP/1.1\r\n${HOST}X-Operator-Key: \xff\r\n\r\n`);
  expect(answer?.status).toBe(404);
  assertProblem(answer!);
});

describe('several messages on one connection', () => {
  test('messages on one connection are answered in their order, the last of them being none', async () => {
    const answers = await exchange(`${get(HOST)}${get(HOST)}GARBAGE\r\n\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
  });

  test('after a message that was refused nothing more is read from its connection', async () => {
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
    const stable = ({ status, headers }: Sent) => [
      status,
      [...headers].filter(([name]) => !varying.includes(name)),
    ];
    expect(stable(head!)).toEqual(stable(answer!));
    expect([head!.text, answer!.text.length > 0]).toEqual(['', true]);
  },
);

test('a body in an unknown content coding is 415 with Accept-Encoding, one of another type with Accept', async () => {
  const [coded] = await exchange(post(`${JSON_TYPE}Content-Encoding: gzip\r\nContent-Length: 2\r\n`, '{}'));
  expect([coded?.status, coded?.headers.get('accept-encoding')]).toEqual([415, 'identity']);
  const [typed] = await exchange(post('Content-Type: text/plain\r\nContent-Length: 2\r\n', '{}'));
  expect([typed?.status, typed?.headers.get('accept')]).toEqual([415, 'application/json']);
});

test('a signed request may name its target in absolute form: the signature covers the path', async () => {
  const path = `/v1/agents/${agent.id}/balance`;
  const signed = Object.entries(agent.sign('GET', path)).map(([name, value]) => `${name}: ${value}\r\n`);
  const [answer] = await exchange(
    `GET http://anything.example${path} HTTP/1.1\r\n${HOST}${signed.join('')}\r\n`,
  );
  expect(answer?.status).toBe(200);
});

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

describe('a request that breaks off', () => {
  test.each(TORN)(
    'a request with %s changes nothing, and its connection is not kept',
    async (_name, bytes) => {
      const before = await fingerprint(api.db, ['nonces']);
      for (const { status } of responses(await converse(api, bytes(), { halfClose: true }))) {
        expect([400, 401]).toContain(status);
      }
      expect(await fingerprint(api.db, ['nonces'])).toEqual(before);
    },
  );
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
