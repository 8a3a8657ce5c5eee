import { randomUUID } from 'node:crypto';
import { signHttpRequest, signRequest } from '@agent-registry/signing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, newAgent, outcomeOf, type TestAgent } from '../../test/call.ts';
import { startApi, type TestApi, useApi } from '../../test/start-api.ts';

const api = useApi();
let alice: TestAgent;
beforeAll(async () => {
  alice = await newAgent(api, { display_name: 'Alice' });
});

const body = { amount: '1.00' };
const path = (agent = alice) => `/v1/agents/${agent.id}/deposit`;
/** What somebody who saw a request can make of it: the same signature under a nonce of his own. */
const replay = (headers: Record<string, string>) => ({ ...headers, 'X-Nonce': randomUUID() });
const balanceOf = async (agent: TestAgent) =>
  (await agent.call('GET', `/v1/agents/${agent.id}/balance`)).body.balance;

test('a captured request changes nothing again under fresh nonces, however many are sent at once', async () => {
  const bob = await newAgent(api);
  const headers = bob.sign('POST', path(bob), { body });
  const send = (sent: Record<string, string>) => call(api, 'POST', path(bob), { body, headers: sent });
  const replies = await Promise.all(
    [headers, ...Array.from({ length: 20 }, () => replay(headers))].map(send),
  );
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  expect((await send(replay(headers))).body.code).toBe('nonce_replayed');
  expect(await balanceOf(bob)).toBe('1.00');
});

test('the refusal of a repeated signature says to sign again with a newer timestamp, after a second', async () => {
  const headers = alice.sign('POST', path(), { body });
  expect((await call(api, 'POST', path(), { body, headers })).status).toBe(200);
  const reply = await call(api, 'POST', path(), { body, headers: replay(headers) });
  expect([outcomeOf(reply), reply.headers.get('retry-after')]).toEqual(['401 nonce_replayed', '1']);
  expect(reply.body.detail).toContain('X-Timestamp');
});

test('a captured webhook-secret rotation tells the replayer no secret, also under another Idempotency-Key', async () => {
  const rotate = `/v1/agents/${alice.id}/webhook-secret/rotate`;
  const headers = alice.sign('POST', rotate);
  expect((await call(api, 'POST', rotate, { headers })).status).toBe(200);
  const again = await call(api, 'POST', rotate, {
    headers: { ...replay(headers), 'Idempotency-Key': 'mine' },
  });
  expect([again.status, again.body.code]).toEqual([401, 'nonce_replayed']);
});

test('a refused request spends its signature too', async () => {
  const none = { body: { amount: '0' } };
  const headers = alice.sign('POST', path(), none);
  expect((await call(api, 'POST', path(), { ...none, headers })).status).toBe(422);
  expect((await call(api, 'POST', path(), { ...none, headers: replay(headers) })).status).toBe(401);
});

test('one signature has one spelling: upper-case hex is the same one', async () => {
  const headers = alice.sign('POST', path(), { body });
  expect((await call(api, 'POST', path(), { body, headers })).status).toBe(200);
  const [scheme, id, signature] = headers.Authorization!.split(/[ :]/);
  const shouted = { ...replay(headers), Authorization: `${scheme} ${id}:${signature!.toUpperCase()}` };
  expect((await call(api, 'POST', path(), { body, headers: shouted })).body.code).toBe('nonce_replayed');
});

test('a signature outlives every moment at which its request would be taken', async () => {
  const timestamp = new Date(api.clock.now().getTime() + 30_000).toISOString();
  const { privateKey } = alice.keys;
  const parts = { agentId: alice.id, privateKey, method: 'POST', path: path(), timestamp };
  const headers = signRequest({ ...parts, body: Buffer.from(JSON.stringify(body)) });
  const send = async (sent: Record<string, string>) =>
    (await call(api, 'POST', path(), { body, headers: sent })).body.code ?? 'done';
  expect(await send(headers)).toBe('done');
  api.clock.advance(60_000);
  expect(await send(replay(headers))).toBe('nonce_replayed');
  api.clock.advance(1);
  expect(await send(replay(headers))).toBe('stale_timestamp');
});

test('a GET may be repeated under a fresh nonce, and so may /verify, which changes nothing more', async () => {
  const read = alice.sign('GET', '/v1/jobs');
  expect((await call(api, 'GET', '/v1/jobs', { headers: read })).status).toBe(200);
  expect((await call(api, 'GET', '/v1/jobs', { headers: replay(read) })).status).toBe(200);
  const verify = '/v1/jobs/00000000-0000-7000-8000-00000000dead/verify';
  const asked = alice.sign('POST', verify);
  expect((await call(api, 'POST', verify, { headers: asked })).status).toBe(404);
  expect((await call(api, 'POST', verify, { headers: replay(asked) })).status).toBe(404);
});

describe('with AGENTSIG_EQUAL_REQUESTS=allow', () => {
  let lenient: TestApi;
  beforeAll(async () => {
    lenient = await startApi({ AGENTSIG_EQUAL_REQUESTS: 'allow' });
  });
  afterAll(() => lenient.stop());

  test('an equal request within one tick is served, and the same nonce still is not', async () => {
    const bob = await newAgent(lenient);
    const headers = bob.sign('POST', path(bob), { body });
    const send = async (sent: Record<string, string>) =>
      (await call(lenient, 'POST', path(bob), { body, headers: sent })).status;
    expect(await send(headers)).toBe(200);
    const equal = replay(headers);
    expect([await send(equal), await send(equal), await send(headers)]).toEqual([200, 401, 401]);
  });
});

test('a request signed by both schemes counts once, also when it comes again with one of them', async () => {
  const carol = await newAgent(api);
  const agentSig = carol.sign('POST', path(carol), { body });
  const url = `${api.context.config.signatureOrigins[0]}${path(carol)}`;
  const { privateKey } = carol.keys;
  const text = Buffer.from(JSON.stringify(body));
  const now = api.clock.now();
  const signed = signHttpRequest({ method: 'POST', url, body: text, keyId: carol.id, privateKey, now });
  const send = async (headers: Record<string, string>) =>
    (await call(api, 'POST', path(carol), { body, headers })).body.code ?? 'done';
  expect(await send({ ...agentSig, ...signed })).toBe('done');
  expect(await send(replay(agentSig))).toBe('nonce_replayed');
  expect(await send(signed)).toBe('nonce_replayed');
  expect(await balanceOf(carol)).toBe('1.00');
});
