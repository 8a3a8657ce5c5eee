import { generateKeyPair, type KeyPair, signRequest } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import {
  agentWith,
  type CallOptions,
  call,
  newAgent,
  operatorOf,
  outcomeOf,
  signHttp,
} from '../../../test/call.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();

const PATH = '/v1/agents';
const profile = (keys: KeyPair, name = 'Alice') => ({ public_key: keys.publicKey, display_name: name });
const unsigned = (keys: KeyPair, options: CallOptions = {}) =>
  call(api, 'POST', PATH, { body: profile(keys, 'Squatter'), ...options });
const signed = (keys: KeyPair, options: CallOptions = {}) => {
  const sent = { body: profile(keys), ...options };
  const key = { keyId: keys.publicKey, privateKey: keys.privateKey };
  const headers = {
    ...options.headers,
    ...signHttp(api, key, { method: 'POST', path: PATH, options: sent }),
  };
  return call(api, 'POST', PATH, { ...sent, headers });
};
const bySig = (keys: KeyPair, body: object = profile(keys)) => {
  const raw = JSON.stringify(body);
  const parts = { agentId: keys.publicKey, privateKey: keys.privateKey, method: 'POST', path: PATH };
  const timestamp = api.clock.now().toISOString();
  return { raw, headers: signRequest({ ...parts, body: Buffer.from(raw), timestamp }) };
};

describe('a registration that its key signed', () => {
  test('a registration that its key signed is proven, by either scheme', async () => {
    const [one, two] = [generateKeyPair(), generateKeyPair()];
    expect((await signed(one)).body).toMatchObject({ proven: true, public_key: one.publicKey });
    const reply = await call(api, 'POST', PATH, bySig(two));
    expect([reply.status, reply.body.proven]).toEqual([201, true]);
  });

  test('a registration that its key signed displaces an agent that only named the key: a new id and secret, and the old id signs nothing', async () => {
    const keys = generateKeyPair();
    const squatter = await unsigned(keys);
    expect(squatter.body.proven).toBe(false);
    const owner = await signed(keys);
    expect(owner.status).toBe(201);
    expect(owner.body.agent_id).not.toBe(squatter.body.agent_id);
    expect(owner.body.webhook_secret).not.toBe(squatter.body.webhook_secret);
    const old = await call(api, 'GET', `${PATH}/${squatter.body.agent_id}`);
    expect(old.body).toMatchObject({ status: 'deactivated', proven: false });
    const asOld = agentWith(api, squatter.body.agent_id, keys);
    expect(outcomeOf(await asOld.call('GET', '/v1/jobs'))).toBe('401 invalid_signature');
    const asNew = agentWith(api, owner.body.agent_id, keys);
    expect((await asNew.call('GET', '/v1/jobs')).status).toBe(200);
  });

  test('a registration that its key signed cancels what was proposed to the displaced agent, for the reason key_claimed', async () => {
    const keys = generateKeyPair();
    const squatter = await unsigned(keys);
    const client = await newAgent(api);
    const job = await client.call('POST', '/v1/jobs', {
      body: { seller_agent_id: squatter.body.agent_id, max_budget: '5.00' },
    });
    expect(job.status).toBe(201);
    expect((await signed(keys)).status).toBe(201);
    const seen = await client.call('GET', `/v1/jobs/${job.body.job_id}`);
    expect(seen.body.status).toBe('cancelled');
    const events = await client.call('GET', `/v1/jobs/${job.body.job_id}/events`);
    expect(JSON.stringify(events.body)).toContain('key_claimed');
  });

  test('a registration that its key signed is 409 while the unproven agent owns money, which an operator gave it', async () => {
    const keys = generateKeyPair();
    const squatter = await unsigned(keys);
    const gift = { agent_id: squatter.body.agent_id, amount: '1.00', reference: 'gift' };
    const deposit = await operatorOf(api)('POST', '/deposits', gift);
    expect(deposit.status).toBe(200);
    expect(outcomeOf(await signed(keys))).toBe('409 money_held');
    expect((await call(api, 'GET', `${PATH}/${squatter.body.agent_id}`)).body.status).toBe('active');
  });

  test('a registration that its key signed is 409 once the agent with the key proved to hold it, by registering or by any signed request', async () => {
    const [one, two] = [generateKeyPair(), generateKeyPair()];
    expect((await signed(one)).status).toBe(201);
    expect(outcomeOf(await signed(one))).toBe('409 public_key_taken');
    const legacy = await unsigned(two);
    await agentWith(api, legacy.body.agent_id, two).call('GET', '/v1/jobs');
    await api.context.background.idle();
    expect((await call(api, 'GET', `${PATH}/${legacy.body.agent_id}`)).body.proven).toBe(true);
    expect(outcomeOf(await signed(two))).toBe('409 public_key_taken');
  });

  test('a registration that its key signed must be signed by the key that it registers', async () => {
    const [mine, yours] = [generateKeyPair(), generateKeyPair()];
    expect(outcomeOf(await signed(mine, { body: profile(yours) }))).toBe('401 invalid_signature');
    expect(outcomeOf(await call(api, 'POST', PATH, bySig(mine, profile(yours))))).toBe(
      '401 invalid_signature',
    );
    const forged = bySig({ publicKey: yours.publicKey, privateKey: mine.privateKey });
    expect(outcomeOf(await call(api, 'POST', PATH, forged))).toBe('401 invalid_signature');
  });

  test('a registration that its key signed is not answered a second time to whoever captured it', async () => {
    const keys = generateKeyPair();
    const sent = bySig(keys);
    const headers = { ...sent.headers, 'Idempotency-Key': 'captured' };
    expect((await call(api, 'POST', PATH, { ...sent, headers })).body.webhook_secret).toMatch(/^whsec_/);
    const replay = { ...headers, 'X-Nonce': 'another-nonce-of-mine' };
    expect(outcomeOf(await call(api, 'POST', PATH, { ...sent, headers: replay }))).toBe('401 nonce_replayed');
  });
});

test('of many signed registrations of a squatted key at once, one displaces it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const keys = generateKeyPair();
    await unsigned(keys);
    const replies = await Promise.all(Array.from({ length: 4 }, () => signed(keys)));
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409]);
    const live = await api.db
      .selectFrom('agents')
      .select('agent_id')
      .where('public_key', '=', keys.publicKey)
      .where('displaced_at', 'is', null)
      .execute();
    expect(live).toHaveLength(1);
  }
});

describe('an unsigned registration', () => {
  test('an unsigned registration of a key that an agent has is 409, proven or not', async () => {
    const [one, two] = [generateKeyPair(), generateKeyPair()];
    await unsigned(one);
    await signed(two);
    for (const keys of [one, two]) expect(outcomeOf(await unsigned(keys))).toBe('409 public_key_taken');
  });

  test('an unsigned registration cannot place an answer that the signed one would be given under the same Idempotency-Key', async () => {
    const keys = generateKeyPair();
    const headers = { 'Idempotency-Key': 'register' };
    const squatter = await unsigned(keys, { body: profile(keys), headers });
    const owner = await signed(keys, { headers });
    expect(owner.headers.get('idempotency-replayed')).toBeNull();
    expect(owner.body.agent_id).not.toBe(squatter.body.agent_id);
    api.clock.advance(1_000);
    const retried = await signed(keys, { headers });
    expect(retried.body).toEqual(owner.body);
  });
});
