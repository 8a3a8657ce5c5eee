import {
  type Behaviour,
  createSelfSignedCertificate,
  createTestAuthority,
  type HostileReceiver,
  type HostileReceiverOptions,
  startHostileReceiver,
} from '@agent-registry/outbound/testing';
import { verifyWebhook } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import { openRegistry } from '../testing/open-registry.ts';
import { createWebhookBench } from '../testing/webhook-bench.ts';

const EXCHANGE_MS = 400;
const authority = createTestAuthority();
const resolver = async (host: string): Promise<readonly string[]> => {
  if (host.endsWith('.test')) return ['127.0.0.1'];
  throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
};
const registry = await openRegistry({ exchangeMs: EXCHANGE_MS, outbound: { resolver, ca: authority.ca } });
/** A machine that waits for answers that take long to make. */
const patient = await registry.start({ exchangeMs: 10_000 });
const bench = createWebhookBench(() => registry);
const receiver: typeof bench.receiver = (options) => bench.receiver(options);

/** One attempt, and everything that can be seen of it afterwards. */
async function attemptAt(url: string, machine = registry.first) {
  const parcel = await bench.parcel(url);
  const before = registry.tasks.created.length;
  const answer = await registry.dispatch(parcel.spec, machine);
  return {
    ...parcel,
    answer,
    delivery: await bench.delivery(parcel),
    log: (await bench.attempt(parcel))!,
    agent: await bench.agent(parcel),
    successors: registry.tasks.created.slice(before),
  };
}

const secondsAhead = (at: Date | null): number | null =>
  at === null ? null : (at.getTime() - registry.clock.now().getTime()) / 1_000;

// What each receiver does is told apart in packages/outbound; here is what follows from it.
describe('an endpoint that answers 2xx', () => {
  const cases: [Behaviour, number, string][] = [
    ['ok', 200, 'thanks'],
    ['no-content', 204, ''],
    ['created-and-closed', 201, ''],
    ['one-gib', 200, 'x'.repeat(1_024)],
    ['gzip-bomb', 200, '(encoded body, not shown)'],
  ];
  test.each(cases)(
    'an endpoint that answers 2xx (%s) is delivered to: %i in the log, 200 to Cloud Tasks',
    async (behaviour, status, response) => {
      const { answer, delivery, log, successors } = await attemptAt(
        (await receiver()).url(behaviour),
        patient,
      );
      expect(answer).toEqual({ status: 200, body: { outcome: 'delivered' } });
      expect(delivery).toMatchObject({
        status: 'delivered',
        attempts: 1,
        exhausted: false,
        last_error: null,
      });
      expect(log).toMatchObject({ status, phase: null, error: null, response, next_attempt_at: null });
      expect(log.finished_at).toEqual(registry.clock.now());
      expect(successors).toEqual([]);
    },
  );

  test('an endpoint that answers 2xx is sent the event’s very bytes, signed for both header families', async () => {
    const stranger = await receiver();
    const { agentId, secret } = await registry.newAgent(stranger.url('ok'));
    const { specs } = await registry.ping(agentId);
    await registry.dispatch(specs[0]!);
    const [{ headers, body, method }] = stranger.requests as [HostileReceiver['requests'][number]];
    expect(method).toBe('POST');
    expect(body.toString()).toBe(specs[0]!.body.payload);
    expect(headers['webhook-id']).toBe(specs[0]!.body.delivery_id);
    expect(headers['user-agent']).toMatch(/^AgentRegistry-Webhooks/);
    const nowSeconds = registry.clock.now().getTime() / 1_000;
    const older = { 'x-webhook-timestamp': '', 'x-webhook-signature': '', ...headers };
    const verify = (some: Record<string, string>) =>
      verifyWebhook({ headers: some, body, secrets: [secret], nowSeconds });
    expect(verify(headers)).toEqual({
      valid: true,
      scheme: 'standard',
      deliveryId: specs[0]!.body.delivery_id,
    });
    expect(
      verify({
        'x-webhook-timestamp': older['x-webhook-timestamp'],
        'x-webhook-signature': older['x-webhook-signature'],
      }),
    ).toEqual({ valid: true, scheme: 'older', deliveryId: null });
  });
});

describe('an endpoint that answers anything else', () => {
  const cases: [Behaviour, number][] = [
    ['redirect-loop', 302],
    ['redirect-elsewhere', 307],
    ['bad-request', 400],
    ['server-error', 500],
  ];
  test.each(cases)(
    'an endpoint that answers anything else (%s) is tried again a second later: %i in the log, 200 to Cloud Tasks',
    async (behaviour, status) => {
      const said = `The endpoint answered ${status}${status < 400 ? ': redirects are not followed' : ''}.`;
      const stranger = await receiver();
      const { answer, delivery, log, successors, spec } = await attemptAt(stranger.url(behaviour));
      expect(answer).toMatchObject({ status: 200, body: { outcome: 'failed' } });
      expect(delivery).toMatchObject({
        status: 'pending',
        attempts: 1,
        last_error: said,
      });
      expect(log).toMatchObject({ status, phase: 'response', error: said });
      expect(secondsAhead(log.next_attempt_at)).toBe(1);
      expect(successors).toHaveLength(1);
      expect(successors[0]).toMatchObject({ queue: 'webhook-delivery', body: { attempt: 2, cycle: 1 } });
      expect(successors[0]!.scheduleAt).toEqual(log.next_attempt_at);
      expect(successors[0]!.taskId).not.toBe(spec.taskId);
      expect(stranger.requests).toHaveLength(1);
    },
  );

  test.each([
    ['1', 1],
    ['2', 2],
    ['7', 2],
    ['86400', 2],
    ['0', 1],
    ['soon', 1],
    ['Thu, 01 Jan 2026 00:00:02 GMT', 2],
  ])('429 with Retry-After %s moves attempt 2 within one and two delays', async (retryAfter, seconds) => {
    const { answer, log } = await attemptAt((await receiver({ retryAfter })).url('too-many'));
    expect(answer.status).toBe(200);
    expect(log).toMatchObject({ status: 429, phase: 'response', response: 'slow down' });
    expect(secondsAhead(log.next_attempt_at)).toBe(seconds);
  });

  test('410: the endpoint is disabled, the event kept, nothing follows, 200 to Cloud Tasks', async () => {
    const { answer, delivery, log, agent, successors } = await attemptAt((await receiver()).url('gone'));
    expect(answer.status).toBe(200);
    expect(delivery).toMatchObject({
      status: 'failed',
      exhausted: false,
      last_error: 'The endpoint answered 410.',
    });
    expect(log).toMatchObject({ status: 410, next_attempt_at: null });
    expect(successors).toEqual([]);
    expect(agent.endpoint_disabled_at).toEqual(registry.clock.now());
    expect(agent.endpoint_disabled_reason).toBe('The endpoint answered 410 Gone.');
  });
});

describe('an endpoint that gives no answer', () => {
  const cases: [Behaviour, 'response' | 'timeout', 502 | 504][] = [
    ['drop-mid-header', 'response', 502],
    ['reset', 'response', 502],
    ['one-huge-header', 'response', 502],
    ['silent', 'timeout', 504],
    ['drip', 'timeout', 504],
  ];
  test.each(cases)(
    'an endpoint that gives no answer (%s) is tried again a second later: phase %s, %i to Cloud Tasks',
    async (behaviour, phase, status) => {
      await expectNoAnswer((await receiver()).url(behaviour), phase, status);
    },
  );

  const mine = { names: ['mine.test'] };
  test.each<[string, HostileReceiverOptions, 'tls' | 'timeout', 502 | 504]>([
    [
      'a certificate that nobody vouches for',
      { tls: createSelfSignedCertificate(['mine.test']) },
      'tls',
      502,
    ],
    ['a TLS handshake without end', { tls: authority.issue(mine), onConnect: 'silence' }, 'timeout', 504],
  ])('an endpoint with %s is sent nothing and tried again', async (_name, options, phase, status) => {
    const stranger = await receiver(options);
    await expectNoAnswer(stranger.url('ok', { host: 'mine.test' }), phase, status);
    expect(stranger.requests).toEqual([]);
  });

  test('an endpoint that resets the connection as soon as it is there: 502', async () => {
    const { answer, log } = await attemptAt((await receiver({ onConnect: 'reset' })).url('ok'));
    expect(answer.status).toBe(502);
    // Whether the connection was complete before it was reset is the network's to say.
    expect(log.phase).toMatch(/^(connect|response)$/);
    expect(secondsAhead(log.next_attempt_at)).toBe(1);
  });

  test('an endpoint where nothing listens: phase connect, 502', async () => {
    const stranger = await startHostileReceiver();
    await stranger.close();
    await expectNoAnswer(stranger.url('ok'), 'connect', 502);
  });

  test('an endpoint whose name does not exist: phase dns, 502', async () => {
    await expectNoAnswer('http://nowhere.example:8080/', 'dns', 502);
  });

  test('an endpoint at a refused address is phase blocked, 502, and no connection is made', async () => {
    const strict = await registry.start({ env: { WEBHOOK_ALLOW_PRIVATE_TARGETS: 'false' } });
    const stranger = await receiver();
    const { answer, log } = await attemptAt(stranger.url('ok').replace('http:', 'https:'), strict);
    expect(answer).toMatchObject({ status: 502, body: { outcome: 'blocked' } });
    expect(log).toMatchObject({ phase: 'blocked', status: null });
    expect(secondsAhead(log.next_attempt_at)).toBe(1);
    expect(stranger.connections()).toBe(0);
  });
});

async function expectNoAnswer(url: string, phase: string, status: number): Promise<void> {
  const { answer, delivery, log, agent, successors } = await attemptAt(url);
  expect(log).toMatchObject({ phase, status: null, response: null });
  expect(answer).toMatchObject({ status, body: { outcome: phase } });
  expect(log.error).not.toBe('');
  expect(delivery).toMatchObject({ status: 'pending', attempts: 1, last_error: `${phase}: ${log.error}` });
  expect(secondsAhead(log.next_attempt_at)).toBe(1);
  expect(successors.map(({ body, scheduleAt }) => [body.attempt, scheduleAt])).toEqual([
    [2, log.next_attempt_at],
  ]);
  expect(agent).toMatchObject({ endpoint_failures: 1, endpoint_failing_since: registry.clock.now() });
}
