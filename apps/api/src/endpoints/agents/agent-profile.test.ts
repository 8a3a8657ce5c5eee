import { generateKeyPair, rotationMessage, signMessage } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import { NO_ID, setAgent } from '../../../test/arrange.ts';
import { agentWith, call, newAgent, outcomeOf } from '../../../test/call.ts';
import { newJob, newMarket } from '../../../test/market.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();

const nobody = `/v1/agents/${NO_ID}`;

describe('looking at an agent', () => {
  test('anybody sees the profile, the agent itself its endpoint too', async () => {
    const alice = await newAgent(api, { endpoint_url: 'https://a.example.com/hook', description: 'Words.' });
    const seen = await call(api, 'GET', `/v1/agents/${alice.id}`);
    expect([seen.status, seen.body.description, seen.body.endpoint]).toEqual([200, 'Words.', undefined]);
    const own = await alice.call('GET', `/v1/agents/${alice.id}`);
    expect(own.body.endpoint).toEqual({
      state: 'enabled',
      disabled_at: null,
      reason: null,
      failing_since: null,
    });
  });

  test('the id may be written in capitals; an unknown one is 404', async () => {
    const alice = await newAgent(api);
    expect((await call(api, 'GET', `/v1/agents/${alice.id.toUpperCase()}`)).body.agent_id).toBe(alice.id);
    for (const path of ['', '/status', '/reputation', '/reviews', '/listings'])
      expect((await call(api, 'GET', nobody + path)).status).toBe(404);
  });

  test('an agent’s status says whether it is active and when it was seen', async () => {
    const alice = await newAgent(api, { capabilities: ['a'] });
    const reply = await call(api, 'GET', `/v1/agents/${alice.id}/status`);
    expect(reply.body).toMatchObject({
      agent_id: alice.id,
      status: 'active',
      capabilities: ['a'],
      last_seen: null,
    });
  });
});

describe('changing the profile', () => {
  test('changing the profile changes what is sent, keeps the rest, and null clears', async () => {
    const alice = await newAgent(api, { description: 'Before.', capabilities: ['a'] });
    const path = `/v1/agents/${alice.id}`;
    const renamed = await alice.call('PATCH', path, { body: { display_name: 'Alicia' } });
    expect(renamed.body).toMatchObject({
      display_name: 'Alicia',
      description: 'Before.',
      capabilities: ['a'],
    });
    const cleared = await alice.call('PATCH', path, { body: { description: null } });
    expect(cleared.body.description).toBeNull();
    expect((await call(api, 'GET', path)).body).toMatchObject({ display_name: 'Alicia', description: null });
  });

  test('a new endpoint enables a disabled one', async () => {
    const alice = await newAgent(api, { endpoint_url: 'https://a.example.com/hook' });
    const path = `/v1/agents/${alice.id}`;
    await setAgent(api, alice.id, {
      endpoint_disabled_at: api.clock.now(),
      endpoint_disabled_reason: 'gone',
    });
    const { body } = await alice.call('GET', path);
    expect(body.endpoint).toMatchObject({ state: 'disabled', reason: 'gone' });
    const reply = await alice.call('PATCH', path, { body: { endpoint_url: 'https://b.example.com/hook' } });
    expect(reply.body.endpoint).toMatchObject({ state: 'enabled', reason: null });
  });

  test('an endpoint at an address that may not be called is refused with its path', async () => {
    const alice = await newAgent(api);
    const body = { endpoint_url: 'https://10.0.0.1/' };
    const reply = await alice.call('PATCH', `/v1/agents/${alice.id}`, { body });
    expect(outcomeOf(reply)).toBe('422 endpoint_url');
  });

  test('changing the profile reaches what discovery shows', async () => {
    const alice = await newAgent(api, { display_name: 'Before' });
    await alice.call('POST', `/v1/agents/${alice.id}/listings`, {
      body: { skill_id: 'renaming', base_price: '1.00' },
    });
    await alice.call('PATCH', `/v1/agents/${alice.id}`, { body: { display_name: 'After' } });
    const found = await call(api, 'GET', '/v1/discover?skill_id=renaming');
    expect(found.body.items[0].seller_display_name).toBe('After');
  });
});

describe('rotating the key', () => {
  const rotation = (agentId: string, next = generateKeyPair()) => ({
    next,
    body: {
      new_public_key: next.publicKey,
      proof: signMessage(next.privateKey, rotationMessage(agentId, next.publicKey)),
    },
  });

  test('the new key signs from then on, the old one is dead at once', async () => {
    const alice = await newAgent(api);
    const { next, body } = rotation(alice.id);
    const reply = await alice.call('POST', `/v1/agents/${alice.id}/rotate-key`, { body });
    expect([reply.status, reply.body.public_key]).toEqual([200, next.publicKey]);
    const path = `/v1/agents/${alice.id}/balance`;
    expect((await alice.call('GET', path)).body.code).toBe('invalid_signature');
    expect((await agentWith(api, alice.id, next).call('GET', path)).status).toBe(200);
  });

  test('rotating the key needs the new key’s proof, for this agent, and a key that nobody proved to hold', async () => {
    const [alice, bob] = [await newAgent(api), await newAgent(api)];
    await bob.call('GET', '/v1/jobs');
    await api.context.background.idle();
    const path = `/v1/agents/${alice.id}/rotate-key`;
    const forBob = await alice.call('POST', path, { body: rotation(bob.id).body });
    expect([forBob.status, forBob.body.errors[0].path]).toEqual([422, 'proof']);
    const taken = await alice.call('POST', path, { body: rotation(alice.id, bob.keys).body });
    expect([taken.status, taken.body.code]).toEqual([409, 'public_key_taken']);
  });

  test('a rotation displaces an agent that only named the new key, and its proposals are cancelled', async () => {
    const [alice, client, next] = [await newAgent(api), await newAgent(api), generateKeyPair()];
    const squatter = await call(api, 'POST', '/v1/agents', {
      body: { public_key: next.publicKey, display_name: 'Squatter' },
    });
    const proposal = { seller_agent_id: squatter.body.agent_id, max_budget: '5.00' };
    const job = await client.call('POST', '/v1/jobs', { body: proposal });
    const reply = await alice.call('POST', `/v1/agents/${alice.id}/rotate-key`, {
      body: rotation(alice.id, next).body,
    });
    expect([reply.status, reply.body.public_key]).toEqual([200, next.publicKey]);
    const old = await call(api, 'GET', `/v1/agents/${squatter.body.agent_id}`);
    expect(old.body).toMatchObject({ status: 'deactivated', proven: false });
    expect((await client.call('GET', `/v1/jobs/${job.body.job_id}`)).body.status).toBe('cancelled');
    expect((await agentWith(api, alice.id, next).call('GET', '/v1/jobs')).status).toBe(200);
    const asOld = await agentWith(api, squatter.body.agent_id, next).call('GET', '/v1/jobs');
    expect([asOld.status, asOld.body.code]).toEqual([401, 'invalid_signature']);
  });

  test('two agents that rotate onto one squatted key at once: one has it, the other is told that it is taken', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [alice, bob, next] = [await newAgent(api), await newAgent(api), generateKeyPair()];
      await call(api, 'POST', '/v1/agents', {
        body: { public_key: next.publicKey, display_name: 'Squatter' },
      });
      const replies = await Promise.all(
        [alice, bob].map((one) =>
          one.call('POST', `/v1/agents/${one.id}/rotate-key`, { body: rotation(one.id, next).body }),
        ),
      );
      expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    }
  });

  test('of two rotations at once, signed by the same old key, one wins', async () => {
    for (let round = 0; round < 10; round += 1) {
      const alice = await newAgent(api);
      const path = `/v1/agents/${alice.id}/rotate-key`;
      const replies = await Promise.all(
        [rotation(alice.id), rotation(alice.id)].map(({ body }) => alice.call('POST', path, { body })),
      );
      expect(replies.map((reply) => reply.status).sort((a, b) => a - b)).toEqual([200, 401]);
    }
  });
});

describe('deactivation', () => {
  test('deactivation cancels unfunded jobs, takes listings down, and ends the agent’s requests', async () => {
    const market = await newMarket(api, '0.01');
    const { client, seller } = market;
    await api.db.updateTable('accounts').set({ balance: 0n }).where('owner_id', '=', seller.id).execute();
    await seller.call('POST', `/v1/agents/${seller.id}/listings`, {
      body: { skill_id: 'leaving', base_price: '1.00' },
    });
    const jobId = await newJob(market, 'proposed');
    const reply = await seller.call('DELETE', `/v1/agents/${seller.id}`);
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect((await client.call('GET', `/v1/jobs/${jobId}`)).body.status).toBe('cancelled');
    expect((await call(api, 'GET', '/v1/discover?skill_id=leaving')).body.items).toEqual([]);
    expect((await seller.call('GET', `/v1/agents/${seller.id}/balance`)).body.code).toBe('agent_deactivated');
    expect((await call(api, 'GET', `/v1/agents/${seller.id}`)).body.status).toBe('deactivated');
  });

  test('deactivation is refused while money is owned or held', async () => {
    const market = await newMarket(api, '20.00');
    const { client } = market;
    expect((await client.call('DELETE', `/v1/agents/${client.id}`)).body.code).toBe('money_held');
    await newJob(market, 'funded');
    const held = await client.call('DELETE', `/v1/agents/${client.id}`);
    expect([held.status, held.body.code]).toEqual([409, 'money_held']);
  });
});

test('an endpoint cleared with null leaves an agent that reads its events', async () => {
  const agent = await newAgent(api, { endpoint_url: 'https://agent.example.com/hook' });
  const reply = await agent.call('PATCH', `/v1/agents/${agent.id}`, { body: { endpoint_url: null } });
  expect(reply.body).toMatchObject({ endpoint_url: null, hosting_mode: 'client_only' });
});
