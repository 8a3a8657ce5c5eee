import { beforeEach, describe, expect, test } from '@jest/globals';
import { setAgent } from '../../../test/arrange.ts';
import { newAgent, outcomeOf, type TestAgent } from '../../../test/call.ts';
import { newJob } from '../../../test/market.ts';
import { itemsOf, readPages } from '../../../test/pages.ts';
import { testRefusals } from '../../../test/refuses.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
let seller: TestAgent;
let client: TestAgent;
beforeEach(async () => {
  [client, seller] = await Promise.all([
    newAgent(api),
    newAgent(api, { endpoint_url: 'https://seller.example.com/hook' }),
  ]);
});

const own = (agent: TestAgent) => `/v1/agents/${agent.id}/webhooks`;
const tasksFor = async (deliveryId: string) => {
  await api.tasks.idle();
  return api.tasks.received.filter((task) => task.body.delivery_id === deliveryId);
};

describe('an agent’s events', () => {
  test('an agent’s events are listed with the bytes that are sent; the task carries the secret sealed', async () => {
    const jobId = await newJob({ client, seller }, 'proposed');
    const { body } = await seller.call('GET', own(seller));
    expect(body).toMatchObject([
      {
        event_type: 'job.proposed',
        status: 'pending',
        exhausted: false,
        attempts: 0,
        last_error: null,
        attempt_log: [],
      },
      { event_type: 'ping' },
    ]);
    expect(JSON.parse(body[0].body)).toMatchObject({
      event: 'job.proposed',
      job_id: jobId,
      data: { client_agent_id: client.id },
    });
    const [task] = await tasksFor(body[0].delivery_id);
    expect(task).toMatchObject({
      path: '/internal/webhook-dispatch',
      body: { event: 'job.proposed', job_id: jobId, payload: body[0].body, cycle: 1, attempt: 1 },
    });
    expect(JSON.stringify(task)).not.toContain('whsec_');
  });

  test('an agent’s events begin with a ping at the registration of an endpoint, and another at each change of it', async () => {
    const typesOf = async (agent: TestAgent) =>
      (await agent.call('GET', own(agent))).body.map((item: { event_type: string }) => item.event_type);
    expect(await typesOf(client)).toEqual([]);
    expect(await typesOf(seller)).toEqual(['ping']);
    const path = `/v1/agents/${seller.id}`;
    await seller.call('PATCH', path, { body: { description: 'Nothing about the endpoint.' } });
    await seller.call('PATCH', path, { body: { endpoint_url: null } });
    expect(await typesOf(seller)).toEqual(['ping']);
    await seller.call('PATCH', path, { body: { endpoint_url: 'https://seller.example.com/new' } });
    expect(await typesOf(seller)).toEqual(['ping', 'ping']);
    const [{ delivery_id: deliveryId }] = (await seller.call('GET', own(seller))).body;
    const [task] = await tasksFor(deliveryId);
    expect(task?.body).toMatchObject({ event: 'ping', target_url: 'https://seller.example.com/new' });
  });

  test('an agent’s events are kept for an agent without an endpoint, which gets no task', async () => {
    const jobId = await newJob({ client, seller }, 'proposed');
    await seller.call('POST', `/v1/jobs/${jobId}/counter`, { body: { proposed_price: '21.00' } });
    const { body } = await client.call('GET', own(client));
    expect(body).toMatchObject([{ event_type: 'job.counter_received' }]);
    expect(await tasksFor(body[0].delivery_id)).toEqual([]);
  });

  test('an agent’s events come newest first, by status, and in pages whose link keeps the filter', async () => {
    for (let made = 0; made < 3; made += 1) {
      api.clock.advance(1_000);
      await newJob({ client, seller }, 'proposed');
    }
    const all = (await seller.call('GET', own(seller))).body;
    const times = all.map((item: { created_at: string }) => item.created_at);
    expect(times).toEqual(times.toSorted().toReversed());
    expect((await seller.call('GET', `${own(seller)}?status=delivered`)).body).toEqual([]);
    const [first, ...rest] = await readPages(
      (path) => seller.call('GET', path),
      `${own(seller)}?status=pending&limit=2`,
    );
    expect(first!.headers.get('link')).toContain('status=pending');
    expect(itemsOf(rest)).toEqual(all.slice(2));
    expect((await seller.call('GET', `${own(seller)}?status=lost`)).body.errors[0].path).toBe('status');
  });
});

describe('sending again', () => {
  test('redeliver opens a new cycle at once', async () => {
    await newJob({ client, seller }, 'proposed');
    const [{ delivery_id: deliveryId }] = (await seller.call('GET', own(seller))).body;
    const reply = await seller.call('POST', `${own(seller)}/${deliveryId}/redeliver`);
    expect([reply.status, reply.body.delivery_id, reply.body.status]).toEqual([200, deliveryId, 'pending']);
    expect((await tasksFor(deliveryId)).map((task) => task.body.cycle)).toEqual([1, 2]);
  });

  test('redeliver is 404 for another agent’s delivery, 409 without an endpoint', async () => {
    const jobId = await newJob({ client, seller }, 'proposed');
    const [{ delivery_id: deliveryId }] = (await seller.call('GET', own(seller))).body;
    expect((await client.call('POST', `${own(client)}/${deliveryId}/redeliver`)).status).toBe(404);
    await seller.call('POST', `/v1/jobs/${jobId}/counter`, { body: { proposed_price: '21.00' } });
    const [{ delivery_id: kept }] = (await client.call('GET', own(client))).body;
    const redelivered = await client.call('POST', `${own(client)}/${kept}/redeliver`);
    expect(redelivered.body.code).toBe('endpoint_missing');
  });

  test('replay sends a range', async () => {
    const jobId = await newJob({ client, seller }, 'agreed');
    await client.call('POST', `/v1/jobs/${jobId}/cancel`);
    const at = api.clock.now().getTime();
    const range = { since: new Date(at - 1_000).toISOString(), until: new Date(at + 1_000).toISOString() };
    const reply = await seller.call('POST', `${own(seller)}/replay`, { body: range });
    expect(reply.body).toEqual({ replayed: 3, remaining: 0, next: null });
    const some = await seller.call('POST', `${own(seller)}/replay`, {
      body: { ...range, events: ['job.accepted'] },
    });
    expect(some.body.replayed).toBe(1);
    expect((await client.call('POST', `${own(client)}/replay`, { body: range })).body.code).toBe(
      'endpoint_missing',
    );
  });

  testRefusals('replay', (body: object) => seller.call('POST', `${own(seller)}/replay`, { body }), [
    ['since', { until: '2026-03-01T12:00:00Z' }],
    ['until', { since: '2026-03-01T12:00:00Z', until: '2026-03-01' }],
    ['until', { since: '2026-03-02T12:00:00Z', until: '2026-03-01T12:00:00Z' }],
    ['events.0', { since: '2026-03-01T12:00:00Z', until: '2026-03-02T12:00:00Z', events: ['job.lost'] }],
    ['cursor', { since: '2026-03-01T12:00:00Z', until: '2026-03-02T12:00:00Z', cursor: 'x' }],
  ]);

  test('a disabled endpoint is sent nothing but a test', async () => {
    await newJob({ client, seller }, 'proposed');
    const [{ delivery_id: deliveryId }] = (await seller.call('GET', own(seller))).body;
    const disabled = { endpoint_disabled_at: api.clock.now(), endpoint_disabled_reason: 'gone' };
    await setAgent(api, seller.id, disabled);
    const again = await seller.call('POST', `${own(seller)}/${deliveryId}/redeliver`);
    expect(again.body.code).toBe('invalid_state');
    const ping = await seller.call('POST', `${own(seller)}/test`);
    expect([ping.status, ping.body.event_type]).toEqual([200, 'ping']);
    expect(JSON.parse(ping.body.body)).toMatchObject({ event: 'ping', job_id: null, data: {} });
    expect(await tasksFor(ping.body.delivery_id)).toHaveLength(1);
    // It is answered before it is written, and is the same when it is read.
    const kept = (await seller.call('GET', own(seller))).body;
    expect(kept.find((one: { delivery_id: string }) => one.delivery_id === ping.body.delivery_id)).toEqual(
      ping.body,
    );
  });

  test('a test without an endpoint is 409', async () => {
    expect((await client.call('POST', `${own(client)}/test`)).body.code).toBe('endpoint_missing');
  });
});

test('rotating the webhook secret shows the new one; both sign for a day', async () => {
  const path = `/v1/agents/${seller.id}/webhook-secret/rotate`;
  const reply = await seller.call('POST', path);
  expect(reply.body.webhook_secret).toMatch(/^whsec_/);
  expect(reply.body.webhook_secret).not.toBe(seller.webhookSecret);
  const row = await api.db
    .selectFrom('agents')
    .selectAll()
    .where('agent_id', '=', seller.id)
    .executeTakeFirstOrThrow();
  expect(row.previous_secret_until?.getTime()).toBe(api.clock.now().getTime() + 86_400_000);
});

test('a third webhook secret within a day of the second is 409, unless force drops the oldest', async () => {
  const agent = await newAgent(api);
  const path = `/v1/agents/${agent.id}/webhook-secret/rotate`;
  const rotate = async (body: object) => {
    api.clock.advance(1);
    return agent.call('POST', path, { body });
  };
  expect((await rotate({})).status).toBe(200);
  for (const body of [{}, { force: false }, { force: null }]) {
    const refused = await rotate(body);
    expect(outcomeOf(refused)).toBe('409 invalid_state');
    expect(refused.body.detail).toMatch(/force: true/);
  }
  expect((await rotate({ force: true })).status).toBe(200);
  api.clock.advance(86_400_000);
  expect((await rotate({})).status).toBe(200);
});
