import { generateKeyPair, sha256Hex, signRequest } from '@agent-registry/signing';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { NO_ID, setAgent } from '../../test/arrange.ts';
import { agentWith, call, newAgent, outcomeOf, type TestAgent } from '../../test/call.ts';
import { useApi } from '../../test/start-api.ts';

const api = useApi();
let alice: TestAgent;
beforeAll(async () => {
  alice = await newAgent(api, { display_name: 'Alice' });
});

const balance = () => `/v1/agents/${alice.id}/balance`;
const deposit = () => `/v1/agents/${alice.id}/deposit`;
describe('a signed request', () => {
  test('a signed request is let in, also when the signature leaves out /v1, and on the path without it', async () => {
    expect((await alice.call('GET', balance())).status).toBe(200);
    const unversioned = balance().slice('/v1'.length);
    const signedWithout = alice.sign('GET', unversioned);
    expect((await call(api, 'GET', balance(), { headers: signedWithout })).status).toBe(200);
    expect((await alice.call('GET', unversioned)).status).toBe(200);
    const signedWith = alice.sign('GET', balance());
    expect(outcomeOf(await call(api, 'GET', unversioned, { headers: signedWith }))).toBe(
      '401 invalid_signature',
    );
  });

  test('a signed request does not cover the query', async () => {
    const headers = alice.sign('GET', `/v1/agents/${alice.id}/transactions`);
    const reply = await call(api, 'GET', `/v1/agents/${alice.id}/transactions?limit=1`, { headers });
    expect(reply.status).toBe(200);
  });

  test('a signed request needs no nonce to read, and one to write', async () => {
    const { 'X-Nonce': _, ...reading } = alice.sign('GET', balance());
    expect((await call(api, 'GET', balance(), { headers: reading })).status).toBe(200);
    const body = { amount: '1.00' };
    const { 'X-Nonce': __, ...writing } = alice.sign('POST', deposit(), { body });
    expect(outcomeOf(await call(api, 'POST', deposit(), { body, headers: writing }))).toBe(
      '401 unauthenticated',
    );
  });

  test.each([
    ['2026-03-01T12:00:00Z', 200],
    ['2026-03-01T12:00:00.123456789Z', 200],
    ['2026-03-01T14:00:00+02:00', 200],
    ['2026-03-01T12:00:30Z', 200],
    ['2026-03-01T11:59:29.999Z', 401],
    ['2026-03-01T12:00:30.001Z', 401],
    ['2026-03-01T12:00:00', 401],
    ['1772366400', 401],
  ])('a signed request with the timestamp %s at noon answers %d', async (timestamp, status) => {
    const { privateKey } = alice.keys;
    const parts = { agentId: alice.id, privateKey, method: 'GET', path: balance(), body: Buffer.from('') };
    const headers = signRequest({ ...parts, timestamp });
    const reply = await call(api, 'GET', balance(), { headers });
    expect(reply.status).toBe(status);
    if (status === 401 && /Z$/.test(timestamp)) expect(reply.body.code).toBe('stale_timestamp');
  });
});

describe('what is refused with 401 and WWW-Authenticate', () => {
  test('a request without a signature where one is needed is 401', async () => {
    const reply = await call(api, 'GET', balance());
    expect(outcomeOf(reply)).toBe('401 unauthenticated');
    expect(reply.headers.get('www-authenticate')).toBe('AgentSig');
  });

  test('a signature over another body, method or path, or by another key, is 401', async () => {
    const headers = alice.sign('POST', deposit(), { body: { amount: '1.00' } });
    const reply = await call(api, 'POST', deposit(), { body: { amount: '1000.00' }, headers });
    expect(outcomeOf(reply)).toBe('401 invalid_signature');
    expect(outcomeOf(await call(api, 'GET', balance(), { headers: alice.sign('POST', balance()) }))).toBe(
      '401 invalid_signature',
    );
    const mallory = agentWith(api, alice.id, generateKeyPair());
    expect(outcomeOf(await mallory.call('GET', balance()))).toBe('401 invalid_signature');
  });

  test('an agent there is not is refused with the same words as a wrong key', async () => {
    const wrongKey = await agentWith(api, alice.id, generateKeyPair()).call('GET', balance());
    const nobody = agentWith(api, NO_ID, generateKeyPair());
    const unknown = await nobody.call('GET', balance());
    const told = { instance: '', expected_message: '' };
    expect({ ...unknown.body, ...told }).toEqual({ ...wrongKey.body, ...told });
  });

  test('a wrong signature is refused with the text that it should have covered', async () => {
    const headers = alice.sign('POST', deposit(), { body: { amount: '1.00' } });
    const reply = await call(api, 'POST', deposit(), { body: { amount: '2.00' }, headers });
    const raw = '{"amount":"2.00"}';
    expect(reply.body.expected_message).toBe(
      [headers['X-Timestamp'], 'POST', deposit(), sha256Hex(raw)].join('\n'),
    );
  });

  test.each(['Bearer abc', 'AgentSig', 'AgentSig x:y', `AgentSig ${'0'.repeat(36)}:${'g'.repeat(128)}`])(
    'the Authorization %p is 401',
    async (authorization) => {
      const headers = { ...alice.sign('GET', balance()), Authorization: authorization };
      expect(outcomeOf(await call(api, 'GET', balance(), { headers }))).toBe('401 unauthenticated');
    },
  );

  test('a nonce is refused for the second time, also after its request was refused', async () => {
    const body = { amount: '1.00' };
    const headers = alice.sign('POST', deposit(), { body });
    expect((await call(api, 'POST', deposit(), { body, headers })).status).toBe(200);
    expect(outcomeOf(await call(api, 'POST', deposit(), { body, headers }))).toBe('401 nonce_replayed');
    const bad = alice.sign('POST', deposit(), { body: { amount: '-1' } });
    expect((await call(api, 'POST', deposit(), { body: { amount: '-1' }, headers: bad })).status).toBe(422);
    expect(outcomeOf(await call(api, 'POST', deposit(), { body: { amount: '-1' }, headers: bad }))).toBe(
      '401 nonce_replayed',
    );
  });

  test.each(['short', 'x'.repeat(129), 'with space 123456', 'umlaut-ä-0123456789'])(
    'the nonce %p is 401',
    async (nonce) => {
      const latin1 = Buffer.from(nonce, 'utf8').toString('latin1');
      const headers = { ...alice.sign('GET', balance()), 'X-Nonce': latin1 };
      expect(outcomeOf(await call(api, 'GET', balance(), { headers }))).toBe('401 unauthenticated');
    },
  );
});

test('a nonce belongs to its agent, and only a verified request spends it', async () => {
  const bob = await newAgent(api);
  const headers = alice.sign('GET', balance());
  const forged = { ...headers, Authorization: `AgentSig ${alice.id}:${'0'.repeat(128)}` };
  expect((await call(api, 'GET', balance(), { headers: forged })).status).toBe(401);
  expect((await call(api, 'GET', balance(), { headers })).status).toBe(200);
  const path = `/v1/agents/${bob.id}/balance`;
  const { privateKey } = bob.keys;
  const timestamp = api.clock.now().toISOString();
  const nonce = headers['X-Nonce']!;
  const parts = { agentId: bob.id, privateKey, method: 'GET', path, body: Buffer.from(''), timestamp, nonce };
  expect((await call(api, 'GET', path, { headers: signRequest(parts) })).status).toBe(200);
});

test('a nonce outlives every moment at which its request would be taken', async () => {
  const headers = alice.sign('GET', balance());
  expect((await call(api, 'GET', balance(), { headers })).status).toBe(200);
  api.clock.advance(30_000);
  expect(outcomeOf(await call(api, 'GET', balance(), { headers }))).toBe('401 nonce_replayed');
  api.clock.advance(1);
  expect(outcomeOf(await call(api, 'GET', balance(), { headers }))).toBe('401 stale_timestamp');
});

test('on an open route a signature may be left out, and a wrong one is refused', async () => {
  const path = `/v1/agents/${alice.id}`;
  expect((await call(api, 'GET', path)).body.endpoint).toBeUndefined();
  expect((await alice.call('GET', path)).body.endpoint).toMatchObject({ state: 'none' });
  const wrong = agentWith(api, alice.id, generateKeyPair());
  expect(outcomeOf(await wrong.call('GET', path))).toBe('401 invalid_signature');
});

test('a suspended agent is 403 once its signature verified, and so is a deactivated one', async () => {
  const carol = await newAgent(api);
  const path = `/v1/agents/${carol.id}/balance`;
  await setAgent(api, carol.id, { status: 'suspended' });
  expect(outcomeOf(await carol.call('GET', path))).toBe('403 agent_suspended');
  await setAgent(api, carol.id, { status: 'deactivated' });
  expect(outcomeOf(await carol.call('GET', path))).toBe('403 agent_deactivated');
  const wrong = agentWith(api, carol.id, generateKeyPair());
  expect(outcomeOf(await wrong.call('GET', path))).toBe('401 invalid_signature');
});

test('last_seen is touched at most once a minute', async () => {
  const dora = await newAgent(api);
  const path = `/v1/agents/${dora.id}/status`;
  const seen = async () => {
    await api.context.background.idle();
    return (await call(api, 'GET', path)).body.last_seen;
  };
  expect(await seen()).toBeNull();
  await dora.call('GET', path);
  const first = await seen();
  expect(first).toBe(api.clock.now().toISOString());
  api.clock.advance(59_000);
  await dora.call('GET', path);
  expect(await seen()).toBe(first);
  api.clock.advance(1_000);
  await dora.call('GET', path);
  expect(await seen()).toBe(api.clock.now().toISOString());
});
