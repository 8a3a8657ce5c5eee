import { generateKeyPair } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import { NO_ID, setAgent } from '../../../test/arrange.ts';
import { agentWith, call, newAgent, operatorOf, outcomeOf } from '../../../test/call.ts';
import { newJob, newMarket } from '../../../test/market.ts';
import { OPERATOR_KEY, useApi } from '../../../test/start-api.ts';

const api = useApi();

const operate = operatorOf(api);
const balanceOf = async (agentId: string) => {
  const row = await api.db
    .selectFrom('accounts')
    .select('balance')
    .where('owner_id', '=', agentId)
    .where('kind', '=', 'agent')
    .executeTakeFirstOrThrow();
  return row.balance;
};

test('without a valid key no operator route exists', async () => {
  const nothing = await call(api, 'GET', '/v1/nothing');
  for (const headers of [{}, { 'X-Operator-Key': 'guess' }, { 'X-Operator-Key': '' }] as Record<
    string,
    string
  >[]) {
    for (const [method, path] of [
      ['GET', '/audit'],
      ['POST', '/deposits'],
      ['POST', `/jobs/${NO_ID}/resolve`],
    ] as const) {
      const reply = await call(api, method, `/v1/operator${path}`, { headers });
      expect({ ...reply.body, instance: '' }).toEqual({ ...nothing.body, instance: '' });
    }
  }
  const agent = await newAgent(api);
  expect((await agent.call('GET', '/v1/operator/audit')).status).toBe(404);
});

describe('moving money', () => {
  test('a deposit credits once for each reference', async () => {
    const agent = await newAgent(api);
    const body = { agent_id: agent.id, amount: '50.00', reference: 'bank-1' };
    const reply = await operate('POST', '/deposits', body);
    expect(reply.body).toMatchObject({ reference: 'bank-1', amount: '50.00', balance: '50.00' });
    const again = await operate('POST', '/deposits', body);
    expect([again.status, again.body.code]).toEqual([409, 'duplicate_reference']);
    expect(await balanceOf(agent.id)).toBe(5_000n);
    const statement = await agent.call('GET', `/v1/agents/${agent.id}/transactions`);
    expect(statement.body.items[0]).toMatchObject({ kind: 'deposit', reference: 'bank-1' });
  });

  test('a withdrawal debits no more than there is', async () => {
    const agent = await newAgent(api);
    await operate('POST', '/deposits', { agent_id: agent.id, amount: '50.00', reference: 'in' });
    const withdraw = (amount: string) =>
      operate('POST', '/withdrawals', { agent_id: agent.id, amount, reference: amount });
    expect((await withdraw('20.00')).body.balance).toBe('30.00');
    expect(outcomeOf(await withdraw('30.01'))).toBe('422 insufficient_funds');
  });

  test('fees can be taken out, no more than were collected', async () => {
    await newJob(await newMarket(api), 'completed', { terms: { max_budget: '100.00' } });
    const more = await operate('POST', '/fee-withdrawals', { amount: '2.51', reference: 'fees-1' });
    expect(more.body.code).toBe('insufficient_funds');
    const out = await operate('POST', '/fee-withdrawals', { amount: '2.50', reference: 'fees-2' });
    expect(out.body).toMatchObject({ amount: '2.50', balance: '0.00' });
  });

  test('moving money needs an Idempotency-Key, and moves once for each', async () => {
    const agent = await newAgent(api);
    const body = { agent_id: agent.id, amount: '5.00', reference: 'once' };
    const without = await call(api, 'POST', '/v1/operator/deposits', {
      body,
      headers: { 'X-Operator-Key': OPERATOR_KEY },
    });
    expect([without.status, without.body.code]).toEqual([400, 'malformed_request']);
    const first = await operate('POST', '/deposits', body, 'the-key');
    const second = await operate('POST', '/deposits', body, 'the-key');
    expect([second.text, second.headers.get('idempotency-replayed')]).toEqual([first.text, 'true']);
    expect(await balanceOf(agent.id)).toBe(500n);
  });

  test('moving money to nobody is 404, a bad amount 422', async () => {
    const nobody = { agent_id: NO_ID, amount: '1.00', reference: 'x' };
    expect((await operate('POST', '/deposits', nobody)).status).toBe(404);
    expect(outcomeOf(await operate('POST', '/deposits', { ...nobody, amount: '0' }))).toBe('422 amount');
  });
});

describe('governing agents', () => {
  test('a suspended agent’s requests stop until it is reinstated', async () => {
    const agent = await newAgent(api);
    const path = `/v1/agents/${agent.id}/balance`;
    const suspended = await operate('POST', `/agents/${agent.id}/suspend`, { note: 'Spam.' });
    expect([suspended.status, suspended.body.status]).toEqual([200, 'suspended']);
    expect((await agent.call('GET', path)).body.code).toBe('agent_suspended');
    const again = await operate('POST', `/agents/${agent.id}/suspend`, { note: 'Again.' });
    expect(again.body.code).toBe('invalid_state');
    await operate('POST', `/agents/${agent.id}/reinstate`, { note: 'Sorry.' });
    expect((await agent.call('GET', path)).status).toBe(200);
    expect((await operate('POST', `/agents/${agent.id}/suspend`, {})).body.errors[0].path).toBe('note');
  });

  test('an agent that left is 409 to every operator’s change', async () => {
    const agent = await newAgent(api);
    await agent.call('DELETE', `/v1/agents/${agent.id}`);
    const note = 'Too late.';
    for (const reply of [
      await operate('POST', '/deposits', { agent_id: agent.id, amount: '1.00', reference: 'late' }),
      await operate('POST', `/agents/${agent.id}/suspend`, { note }),
      await operate('POST', `/agents/${agent.id}/replace-key`, {
        new_public_key: generateKeyPair().publicKey,
        note,
      }),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([409, 'invalid_state']);
    }
  });

  test('what an agent that left still owns can be paid out', async () => {
    const agent = await newAgent(api);
    const paidIn = { agent_id: agent.id, amount: '5.00', reference: `in-${agent.id}` };
    expect((await operate('POST', '/deposits', paidIn)).status).toBe(200);
    await setAgent(api, agent.id, { status: 'deactivated' });
    const body = { agent_id: agent.id, amount: '5.00', reference: `left-${agent.id}` };
    const reply = await operate('POST', '/withdrawals', body);
    expect([reply.status, reply.body.balance]).toEqual([200, '0.00']);
  });

  test('a suspended seller is paid all the same', async () => {
    const market = await newMarket(api, '100.00');
    const jobId = await newJob(market, 'delivered');
    await operate('POST', `/agents/${market.seller.id}/suspend`, { note: 'Spam.' });
    expect((await market.client.call('POST', `/v1/jobs/${jobId}/complete`)).status).toBe(200);
    expect(await balanceOf(market.seller.id)).toBe(11_950n);
  });

  test('a new key for a lost one takes effect after 24 hours, and the agent is told', async () => {
    const agent = await newAgent(api);
    const next = generateKeyPair();
    const body = { new_public_key: next.publicKey, note: 'Lost.' };
    const reply = await operate('POST', `/agents/${agent.id}/replace-key`, body);
    const effective_at = new Date(api.clock.now().getTime() + 86_400_000).toISOString();
    expect(reply.body).toEqual({ agent_id: agent.id, new_public_key: next.publicKey, effective_at });
    const path = `/v1/agents/${agent.id}/webhooks`;
    expect((await agent.call('GET', path)).body[0].event_type).toBe('agent.key_replacement');
    expect((await agentWith(api, agent.id, next).call('GET', path)).status).toBe(401);
    expect((await operate('POST', `/agents/${agent.id}/replace-key`, body)).body.code).toBe('invalid_state');
    api.clock.advance(86_400_000);
    expect((await agent.call('GET', path)).status).toBe(401);
    expect((await agentWith(api, agent.id, next).call('GET', path)).status).toBe(200);
  });

  test('a key that is taken, or no key, is refused', async () => {
    const [agent, other] = [await newAgent(api), await newAgent(api)];
    const replace = (key: string) =>
      operate('POST', `/agents/${agent.id}/replace-key`, { new_public_key: key, note: 'Lost.' });
    expect((await replace(other.keys.publicKey)).body.code).toBe('public_key_taken');
    expect((await replace('0'.repeat(64))).body.errors[0].path).toBe('new_public_key');
  });
});

describe('deciding jobs', () => {
  const disputed = async () => {
    const market = await newMarket(api, '100.00');
    const jobId = await newJob(market, 'failed', { terms: { seller_abort_penalty: '2.00' } });
    await market.seller.call('POST', `/v1/jobs/${jobId}/dispute`);
    return { market, jobId };
  };

  test('a dispute is split exactly, the fee falling on what the seller earns', async () => {
    const { market, jobId } = await disputed();
    const split = { client_share: '8.00', seller_share: '14.00', note: 'Half was usable.' };
    const wrong = await operate('POST', `/jobs/${jobId}/resolve`, { ...split, seller_share: '13.99' });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'validation_failed']);
    const reply = await operate('POST', `/jobs/${jobId}/resolve`, split);
    expect([reply.status, reply.body.status, reply.body.result]).toEqual([200, 'resolved', { ok: true }]);
    expect(await balanceOf(market.client.id)).toBe(8_800n);
    // 14.00 less the fee of 2.5 % on 12.00, the part beyond its own bond.
    expect(await balanceOf(market.seller.id)).toBe(9_800n + 1_400n - 30n);
    expect((await operate('POST', `/jobs/${jobId}/resolve`, split)).body.code).toBe('invalid_state');
  });

  test('the disputes that wait are listed, the oldest first, without hidden results', async () => {
    const { jobId } = await disputed();
    const { body } = await operate('GET', '/jobs');
    const job = body.items.find((item: { job_id: string }) => item.job_id === jobId);
    expect(job).toMatchObject({ status: 'disputed', result: null });
    expect((await operate('GET', '/jobs?status=completed&limit=1')).body.items.length).toBeLessThanOrEqual(1);
    expect((await operate('GET', '/jobs?status=lost')).body.errors[0].path).toBe('status');
  });

  test('a running deadline can be moved out, not back', async () => {
    const jobId = await newJob(await newMarket(api), 'in_progress');
    const extend = (days: number) =>
      operate('POST', `/jobs/${jobId}/extend-deadline`, {
        delivery_deadline: new Date(api.clock.now().getTime() + days * 86_400_000).toISOString(),
        note: 'Illness.',
      });
    expect((await extend(60)).status).toBe(200);
    expect((await extend(50)).body.errors[0].path).toBe('delivery_deadline');
    expect((await extend(400)).body.errors[0].path).toBe('delivery_deadline');
    const none = `/jobs/${NO_ID}/extend-deadline`;
    const later = { delivery_deadline: '2027-01-01T00:00:00Z', note: 'x' };
    expect((await operate('POST', none, later)).status).toBe(404);
  });
});

test('failed deliveries are listed and sent again', async () => {
  const [client, seller] = [
    await newAgent(api),
    await newAgent(api, { endpoint_url: 'https://s.example.com/' }),
  ];
  await newJob({ client, seller }, 'proposed');
  const mark = api.db.updateTable('webhook_deliveries').set({ status: 'failed', exhausted: true });
  await mark.where('agent_id', '=', seller.id).where('event_type', '<>', 'ping').execute();
  const { body } = await operate('GET', `/webhooks/failed?agent_id=${seller.id}`);
  expect(body).toMatchObject({
    total: 1,
    items: [{ agent_id: seller.id, status: 'failed', exhausted: true }],
  });
  const [{ delivery_id: deliveryId }] = body.items;
  const reply = await operate('POST', `/webhooks/${deliveryId}/replay`);
  expect([reply.status, reply.body.status]).toEqual([200, 'pending']);
  expect((await operate('GET', `/webhooks/failed?agent_id=${seller.id}`)).body.total).toBe(0);
  expect((await operate('POST', `/webhooks/${NO_ID}/replay`)).status).toBe(404);
});

describe('the audit', () => {
  test('the audit holds every call, done, refused, read or repeated, with its operator and its subject', async () => {
    const agent = await newAgent(api);
    const body = { agent_id: agent.id, amount: '1.00', reference: `audit-${agent.id}` };
    await operate('POST', '/deposits', body, 'audited');
    await operate('POST', '/deposits', body, 'audited');
    await operate('POST', '/deposits', body);
    await operate('POST', '/deposits', { ...body, amount: 'a lot' });
    await operate('GET', '/jobs');
    const page = await operate('GET', '/audit?limit=5');
    expect(
      page.body.items.map((entry: { action: string; details: { outcome: string } }) => [
        entry.action,
        entry.details.outcome,
      ]),
    ).toEqual([
      ['operatorListJobs', 'read'],
      ['operatorDeposit', 'validation_failed'],
      ['operatorDeposit', 'duplicate_reference'],
      ['operatorDeposit', 'replayed'],
      ['operatorDeposit', 'done'],
    ]);
    expect(page.body.items[4]).toMatchObject({
      operator: 'ops',
      subject: agent.id,
      details: { amount: '1.00' },
    });
    expect(page.body.next_cursor).not.toBeNull();
    const next = await operate('GET', `/audit?limit=1&cursor=${page.body.next_cursor}`);
    expect(next.body.items).toHaveLength(1);
    expect(page.text).not.toContain(OPERATOR_KEY);
  });

  test('the audit cannot be changed by the service', async () => {
    const { apiDb } = api.database;
    await expect(apiDb.deleteFrom('operator_audit').execute()).rejects.toThrow(/permission denied/);
    await expect(apiDb.updateTable('operator_audit').set({ action: 'x' }).execute()).rejects.toThrow(
      /permission denied/,
    );
  });
});
