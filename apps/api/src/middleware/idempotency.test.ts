import { tryLockIdempotencyKey } from '@agent-registry/db';
import { commit } from '@agent-registry/operations';
import { generateKeyPair } from '@agent-registry/signing';
import { beforeAll, expect, test } from '@jest/globals';
import { call, newAgent, outcomeOf, type TestAgent } from '../../test/call.ts';
import { useApi } from '../../test/start-api.ts';

const api = useApi();
let alice: TestAgent;
let bob: TestAgent;
beforeAll(async () => {
  [alice, bob] = await Promise.all([newAgent(api), newAgent(api)]);
});

let keys = 0;
const newKey = () => {
  keys += 1;
  return `key-${keys}`;
};
const deposit = (agent: TestAgent, key: string, amount: string, base = '/v1') =>
  agent.call('POST', `${base}/agents/${agent.id}/deposit`, {
    body: { amount },
    headers: { 'Idempotency-Key': key },
  });
const balanceOf = async (agent: TestAgent) =>
  (await agent.call('GET', `/v1/agents/${agent.id}/balance`)).body.balance;

test('the same request with the same key is done once, and answered the same', async () => {
  const before = Number(await balanceOf(alice));
  const key = newKey();
  const first = await deposit(alice, key, '5.00');
  const second = await deposit(alice, key, '5.00');
  expect(second.text).toBe(first.text);
  expect([first, second].map((reply) => reply.headers.get('idempotency-replayed'))).toEqual([null, 'true']);
  expect(Number(await balanceOf(alice))).toBe(before + 5);
});

test('a request under /v1 and without it is the same to its Idempotency-Key', async () => {
  const key = newKey();
  await deposit(alice, key, '1.00');
  expect((await deposit(alice, key, '1.00', '')).headers.get('idempotency-replayed')).toBe('true');
});

test('another body with the same key is 422, another agent’s same key is its own', async () => {
  const key = newKey();
  await deposit(alice, key, '1.00');
  expect((await deposit(alice, key, '2.00')).body.code).toBe('idempotency_key_reused');
  expect((await deposit(bob, key, '1.00')).headers.get('idempotency-replayed')).toBeNull();
});

test('a quoted key is the key it quotes', async () => {
  const key = newKey();
  await deposit(alice, key, '1.00');
  expect((await deposit(alice, `"${key}"`, '1.00')).headers.get('idempotency-replayed')).toBe('true');
});

test.each(['', 'a b', '""', '"unfinished', 'x'.repeat(256)])('the Idempotency-Key %p is 422', async (key) => {
  const reply = await deposit(alice, key, '1.00');
  expect([reply.status, reply.body.errors?.[0]?.path]).toEqual([422, 'Idempotency-Key']);
});

test('only what succeeded is kept: a refused request may be made again', async () => {
  const key = newKey();
  const path = `/v1/agents/${alice.id}/listings`;
  const create = (base_price: string) =>
    alice.call('POST', path, {
      body: { skill_id: 'again', base_price },
      headers: { 'Idempotency-Key': key },
    });
  expect((await create('0')).status).toBe(422);
  expect((await create('1.00')).status).toBe(201);
  const rows = await api.db.selectFrom('idempotency_keys').select('status').where('key', '=', key).execute();
  expect(rows).toEqual([{ status: 201 }]);
});

test('a replayed creation carries the Location of the first', async () => {
  const key = newKey();
  const create = () =>
    alice.call('POST', `/v1/agents/${alice.id}/listings`, {
      body: { skill_id: 'located', base_price: '1.00' },
      headers: { 'Idempotency-Key': key },
    });
  const [first, second] = [await create(), await create()];
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  expect(second.status).toBe(201);
});

test('an unsigned registration that is repeated is answered without the secret, which is kept sealed', async () => {
  const key = newKey();
  const body = { public_key: generateKeyPair().publicKey, display_name: 'Once' };
  const register = () => call(api, 'POST', '/v1/agents', { body, headers: { 'Idempotency-Key': key } });
  const [first, second] = [await register(), await register()];
  expect([first, second].map(outcomeOf)).toEqual(['201', '201']);
  expect(second.body).toEqual({ ...first.body, webhook_secret: null });
  const { answer } = await api.db
    .selectFrom('idempotency_keys')
    .select('answer')
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  expect(answer).not.toContain('whsec_');
});

test('while the first is still running, the second is 409', async () => {
  const key = newKey();
  const locked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const first = commit(api.context, async (op) => {
    await tryLockIdempotencyKey(op.trx, `agent:${alice.id}`, key);
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const second = await deposit(alice, key, '1.00');
  expect([second.status, second.body.code]).toEqual([409, 'request_in_progress']);
  release.resolve();
  await first;
  expect((await deposit(alice, key, '1.00')).status).toBe(200);
});

test('a key is forgotten after 24 hours', async () => {
  const key = newKey();
  await deposit(alice, key, '1.00');
  api.clock.advance(24 * 3_600_000);
  expect((await deposit(alice, key, '2.00')).headers.get('idempotency-replayed')).toBeNull();
});
