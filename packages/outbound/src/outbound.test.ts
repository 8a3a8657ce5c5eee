import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ExchangeResult } from './exchange-result.ts';
import { createOutbound, type Outbound, type OutboundOptions } from './outbound.ts';
import type { Behaviour } from './testing/behaviours.ts';
import { type HostileReceiver, startHostileReceiver } from './testing/hostile-receiver.ts';
import { until } from './testing/until.ts';

const clock = { now: () => new Date() };
const base: OutboundOptions = { allowPrivate: true, timeoutMs: 10_000, userAgent: 'test/1', clock };
/** Long enough for a machine that stands still in between, since the messages say how far a request came. */
const HASTY_MS = 1_000;

let receiver: HostileReceiver;
let patient: Outbound;
let hasty: Outbound;
beforeAll(async () => {
  receiver = await startHostileReceiver({ dripMs: 20, retryAfter: '9' });
  patient = createOutbound(base);
  hasty = createOutbound({ ...base, timeoutMs: HASTY_MS });
});
afterAll(async () => {
  await Promise.all([patient.close(), hasty.close()]);
  await receiver.close();
});

const post = (client: Outbound, url: string): Promise<ExchangeResult> =>
  client.post({ url, headers: { 'webhook-id': 'd1' }, body: '{"event":"ping"}' });

describe('servers that answer', () => {
  const answers: [Behaviour, number, string, boolean][] = [
    ['ok', 200, 'thanks', false],
    ['no-content', 204, '', false],
    ['created-and-closed', 201, '', false],
    ['redirect-loop', 302, '', false],
    ['bad-request', 400, '{"error":"no such event"}', false],
    ['unauthorized', 401, 'bad signature', false],
    ['not-found', 404, '', false],
    ['gone', 410, '', false],
    ['too-many', 429, 'slow down', false],
    ['server-error', 500, 'boom', false],
    ['unavailable', 503, '', false],
    ['early-hints', 200, '', false],
    ['control-characters', 200, '\ufffd\ufffd[31mred\ufffd\nnext\ufffdline\ufffd', false],
    ['endless', 200, 'x'.repeat(1024), true],
    ['one-gib', 200, 'x'.repeat(1024), true],
    ['gzip-bomb', 200, '(encoded body, not shown)', true],
  ];
  test.each(answers)('%s is an answer with status %i', async (behaviour, status, bodyText, bodyTruncated) => {
    const result = await post(patient, receiver.url(behaviour));
    expect(result).toEqual({
      ok: true,
      status,
      headersSubset: behaviour === 'too-many' ? { retryAfter: '9' } : {},
      bodyText,
      bodyTruncated,
      durationMs: expect.any(Number),
    });
  });

  test('a redirect is an answer: nothing goes where it points', async () => {
    const elsewhere = await startHostileReceiver();
    const redirecting = await startHostileReceiver({ redirectTo: elsewhere.url('ok') });
    expect(await post(patient, redirecting.url('redirect-elsewhere'))).toMatchObject({
      ok: true,
      status: 307,
    });
    expect(redirecting.requests).toHaveLength(1);
    expect(elsewhere.connections()).toBe(0);
    await Promise.all([elsewhere.close(), redirecting.close()]);
  });

  test('a huge response costs little more than the cap: its connection is dropped', async () => {
    const flooding = await startHostileReceiver();
    expect(await post(patient, flooding.url('one-gib'))).toMatchObject({ ok: true, bodyTruncated: true });
    await until(() => flooding.open() === 0);
    expect(flooding.bytesSent()).toBeLessThan(64 * 1024 * 1024);
    await flooding.close();
  });
});

describe('servers that do not', () => {
  const failures: [Behaviour, string][] = [
    ['drop-mid-header', 'The connection was closed before the answer was complete.'],
    ['drop-mid-body', 'The connection was closed before the answer was complete.'],
    ['drop-mid-chunk', 'The connection was closed before the answer was complete.'],
    ['drop-at-once', 'The connection was closed before the answer was complete.'],
    ['reset', 'The connection was reset before the answer was complete.'],
    ['reset-mid-body', 'The connection was reset before the answer was complete.'],
    ['ten-thousand-headers', 'The answer has more header bytes than are accepted.'],
    ['one-huge-header', 'The answer has more header bytes than are accepted.'],
    ['many-trailers', 'The answer has more header bytes than are accepted.'],
    ['garbage', 'The answer is not valid HTTP'],
    ['two-lengths', 'The answer ended before the length it announced.'],
    ['upgrade', 'The connection was closed before the answer was complete.'],
  ];
  test.each(failures)('%s fails in phase response, and says why', async (behaviour, message) => {
    const result = await post(patient, receiver.url(behaviour));
    expect(result).toMatchObject({ ok: false, phase: 'response', message: expect.stringContaining(message) });
  });

  const timeouts: [Behaviour, string][] = [
    ['silent', 'The server did not answer within 1 s.'],
    ['drip', 'The server answered 200, but the body did not end within 1 s.'],
    ['drip-headers', 'The server did not answer within 1 s.'],
    ['endless-hints', 'The server did not answer within 1 s.'],
  ];
  test.each(timeouts)(
    '%s runs into the one deadline, and its connection is closed',
    async (behaviour, message) => {
      const slow = await startHostileReceiver({ dripMs: 20 });
      expect(await post(hasty, slow.url(behaviour))).toMatchObject({ ok: false, phase: 'timeout', message });
      await until(() => slow.open() === 0);
      await slow.close();
    },
  );

  test('a port where nobody listens is a refused connection', async () => {
    const gone = await startHostileReceiver();
    await gone.close();
    expect(await post(patient, gone.url('ok'))).toMatchObject({
      ok: false,
      phase: 'connect',
      message: 'The connection was refused.',
    });
  });

  test('no failure names an address or a port', async () => {
    for (const behaviour of ['reset', 'drop-mid-body', 'garbage'] as const) {
      const result = await post(patient, receiver.url(behaviour));
      expect(JSON.stringify(result)).not.toMatch(/127\.0\.0\.1|\d{4,5}"/);
    }
  });
});

describe('what is sent', () => {
  test('one POST with the given headers and body, our User-Agent and no offer to inflate', async () => {
    const fresh = await startHostileReceiver();
    const body = Buffer.from('{"name":"Zoë"}');
    const headers = { 'X-Webhook-Signature': 'ab', 'User-Agent': 'someone else', 'Accept-Encoding': 'gzip' };
    await patient.post({ url: fresh.url('ok', { rest: '/a%20b?c=d#e' }), headers, body });
    expect(fresh.requests).toHaveLength(1);
    expect(fresh.requests[0]).toMatchObject({
      method: 'POST',
      path: '/ok/a%20b?c=d',
      headers: {
        'x-webhook-signature': 'ab',
        'content-type': 'application/json',
        'content-length': '15',
        'user-agent': 'test/1',
        'accept-encoding': 'identity',
      },
      body,
    });
    await fresh.close();
  });

  test('a connection is used again after a whole answer', async () => {
    const fresh = await startHostileReceiver();
    for (let i = 0; i < 5; i += 1) await post(patient, fresh.url(i % 2 === 0 ? 'ok' : 'not-found'));
    expect(fresh.requests).toHaveLength(5);
    // The second request may start before the first connection is known to be free again.
    expect(fresh.connections()).toBeLessThanOrEqual(2);
    await fresh.close();
  });

  test('one origin never gets more connections than its bound', async () => {
    const fresh = await startHostileReceiver();
    const narrow = createOutbound({ ...base, connectionsPerHost: 3 });
    await Promise.all(Array.from({ length: 30 }, () => post(narrow, fresh.url('ok'))));
    expect(fresh.requests).toHaveLength(30);
    expect(fresh.connections()).toBe(3);
    await narrow.close();
    await fresh.close();
  });

  test('idle connections to more origins than the bound are closed, the oldest first', async () => {
    const origins = await Promise.all(Array.from({ length: 4 }, () => startHostileReceiver()));
    const narrow = createOutbound({ ...base, maxHosts: 2 });
    for (const origin of origins) await post(narrow, origin.url('ok'));
    await until(() => origins.reduce((sum, origin) => sum + origin.open(), 0) === 2);
    expect(origins.map((origin) => origin.open())).toEqual([0, 0, 1, 1]);
    await narrow.close();
    await Promise.all(origins.map((origin) => origin.close()));
  });

  test('a request that waited past the deadline is never sent', async () => {
    const fresh = await startHostileReceiver();
    const url = (behaviour: Behaviour) => fresh.url(behaviour, { host: 'receiver.test' });
    const waited = Promise.withResolvers<ExchangeResult>();
    let dials = 0;
    const resolver = async () => {
      // The second connection, which the first request's end makes room for, comes too late for the second request.
      if (dials++ > 0) await waited.promise;
      return ['127.0.0.1'];
    };
    const narrow = createOutbound({ ...base, timeoutMs: HASTY_MS, connectionsPerHost: 1, resolver });
    const first = post(narrow, url('silent'));
    waited.resolve(post(narrow, url('ok')));
    expect(await Promise.all([first, waited.promise])).toMatchObject([
      { phase: 'timeout' },
      { phase: 'timeout' },
    ]);
    expect(await post(narrow, url('ok'))).toMatchObject({ ok: true });
    expect(fresh.requests.map((request) => request.path)).toEqual(['/silent', '/ok']);
    await narrow.close();
    await fresh.close();
  });
});

describe('it never rejects', () => {
  test.each([
    ['no URL', { url: 'nonsense', headers: {}, body: '' }],
    ['a header that cannot be sent', { url: 'http://127.0.0.1:9/', headers: { a: 'b\r\nc: d' }, body: '' }],
    ['credentials in the URL', { url: 'http://a:b@127.0.0.1:9/', headers: {}, body: '' }],
  ])('%s is a failure with words', async (_, request) => {
    const result = await patient.post(request);
    expect(result).toMatchObject({ ok: false, message: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  test('a closed client says so, and exchanges under way end', async () => {
    const closing = createOutbound(base);
    const underWay = post(closing, receiver.url('silent'));
    await until(() => receiver.requests.at(-1)?.path === '/silent');
    await closing.close();
    expect(await underWay).toMatchObject({ ok: false });
    expect(await post(closing, receiver.url('ok'))).toMatchObject({
      ok: false,
      message: 'The client is closed.',
    });
  });
});
