import { redeliverWebhook, updateAgent } from '@agent-registry/operations';
import type { Behaviour } from '@agent-registry/outbound/testing';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openRegistry } from '../testing/open-registry.ts';
import { createWebhookBench, type Parcel } from '../testing/webhook-bench.ts';

const DAY = 86_400_000;
const registry = await openRegistry({ exchangeMs: 400 });
const bench = createWebhookBench(() => registry);

beforeAll(async () => {
  registry.tasks.mode = 'lose';
});

/** An agent whose endpoint behaves as the test says at the moment. */
async function moodyAgent(behaviour: Behaviour) {
  const mood = { behaviour };
  const stranger = await bench.receiver({ behave: () => mood.behaviour });
  const { agentId } = await registry.newAgent(stranger.url('ok'));
  const attempt = async () => {
    const [spec] = await registry.event(agentId);
    return spec === undefined ? null : registry.dispatch(spec);
  };
  return { agentId, stranger, mood, attempt, state: () => bench.agent({ agentId }) };
}

describe('an endpoint is disabled', () => {
  test('an endpoint is disabled after 5 days of nothing but failures with at least 10 attempts: not a moment sooner', async () => {
    const { attempt, state } = await moodyAgent('server-error');
    await attempt();
    const since = (await state()).endpoint_failing_since;
    for (let failures = 2; failures <= 12; failures += 1) await attempt();
    registry.clock.advance(5 * DAY - 1);
    await attempt();
    expect(await state()).toMatchObject({ endpoint_disabled_at: null, endpoint_failing_since: since });
    registry.clock.advance(1);
    await attempt();
    expect(await state()).toMatchObject({
      endpoint_disabled_at: registry.clock.now(),
      endpoint_disabled_reason: `All 14 attempts since ${since!.toISOString()} have failed.`,
    });
  });

  test('an endpoint is not disabled with fewer than 10 attempts, however long it has failed', async () => {
    const { attempt, state } = await moodyAgent('server-error');
    await attempt();
    registry.clock.advance(20 * DAY);
    for (let failures = 2; failures <= 9; failures += 1) await attempt();
    expect(await state()).toMatchObject({ endpoint_disabled_at: null, endpoint_failures: 9 });
    await attempt();
    expect((await state()).endpoint_disabled_at).toEqual(registry.clock.now());
  });

  test('an endpoint is not disabled when one attempt in between succeeded', async () => {
    const { attempt, state, mood } = await moodyAgent('server-error');
    for (let failures = 1; failures <= 12; failures += 1) await attempt();
    registry.clock.advance(5 * DAY);
    mood.behaviour = 'ok';
    await attempt();
    expect(await state()).toMatchObject({ endpoint_failing_since: null, endpoint_failures: 0 });
    mood.behaviour = 'server-error';
    await attempt();
    expect(await state()).toMatchObject({ endpoint_disabled_at: null, endpoint_failures: 1 });
  });
});

describe('while an endpoint is disabled', () => {
  test('while an endpoint is disabled events go on being recorded and nothing is sent; attempts under way end without being made', async () => {
    const { agentId, attempt, mood, stranger } = await moodyAgent('ok');
    const [waiting] = await registry.event(agentId);
    mood.behaviour = 'gone';
    await attempt();
    const sent = stranger.requests.length;
    expect(await registry.event(agentId)).toEqual([]);
    expect(await registry.dispatch(waiting!)).toMatchObject({
      status: 200,
      body: { outcome: 'gone', reason: 'unreachable' },
    });
    expect(stranger.requests).toHaveLength(sent);
    const kept = await registry.database.db
      .selectFrom('webhook_deliveries')
      .select('status')
      .where('agent_id', '=', agentId)
      .execute();
    expect(kept.map(({ status }) => status).toSorted()).toEqual(['failed', 'pending', 'pending']);
  });

  test('a test that succeeds enables a disabled endpoint; one that fails does not, and redelivery is refused until then', async () => {
    const { agentId, attempt, mood, state } = await moodyAgent('gone');
    await attempt();
    const ping = async () => {
      const { value, specs } = await registry.ping(agentId);
      await registry.dispatch(specs[0]!);
      return value.delivery_id;
    };
    mood.behaviour = 'server-error';
    const failed = await ping();
    expect((await state()).endpoint_disabled_at).not.toBeNull();
    const [kept] = await registry.database.db
      .selectFrom('webhook_deliveries')
      .select('delivery_id')
      .where('agent_id', '=', agentId)
      .where('event_type', '<>', 'ping')
      .execute();
    const again = (deliveryId: string) => registry.run((op) => redeliverWebhook(op, { agentId, deliveryId }));
    await expect(again(kept!.delivery_id)).rejects.toMatchObject({ code: 'invalid_state' });
    mood.behaviour = 'ok';
    await ping();
    expect(await state()).toMatchObject({
      endpoint_disabled_at: null,
      endpoint_disabled_reason: null,
      endpoint_failing_since: null,
      endpoint_failures: 0,
    });
    const { specs } = await again(kept!.delivery_id);
    expect(await registry.dispatch(specs[0]!)).toMatchObject({ body: { outcome: 'delivered' } });
    expect(failed).toEqual(expect.any(String));
  });

  test('a test is retried like any event, and its retry enables the endpoint too', async () => {
    const { agentId, attempt, mood, state } = await moodyAgent('gone');
    await attempt();
    mood.behaviour = 'server-error';
    const { value, specs } = await registry.ping(agentId);
    await registry.dispatch(specs[0]!);
    mood.behaviour = 'ok';
    const parcel: Parcel = { agentId, secret: '', spec: specs[0]!, deliveryId: value.delivery_id };
    await registry.dispatch(bench.taskOf(parcel, 2)!);
    expect((await state()).endpoint_disabled_at).toBeNull();
  });

  test('a new endpoint_url enables a disabled endpoint', async () => {
    const { agentId, attempt, state } = await moodyAgent('gone');
    await attempt();
    const stranger = await bench.receiver();
    await registry.run((op) => updateAgent(op, { agentId, endpointUrl: stranger.url('ok') }));
    expect((await state()).endpoint_disabled_at).toBeNull();
    expect(await attempt()).toMatchObject({ body: { outcome: 'delivered' } });
    expect(stranger.requests).toHaveLength(1);
  });

  test('a 410 from the endpoint before says nothing of the one the agent has now', async () => {
    const { agentId, state } = await moodyAgent('gone');
    const [waiting] = await registry.event(agentId);
    const stranger = await bench.receiver();
    await registry.run((op) => updateAgent(op, { agentId, endpointUrl: stranger.url('ok') }));
    await registry.dispatch(waiting!);
    expect((await state()).endpoint_disabled_at).toBeNull();
    const parcel: Parcel = {
      agentId,
      secret: '',
      spec: waiting!,
      deliveryId: String(waiting!.body.delivery_id),
    };
    expect(await registry.dispatch(bench.taskOf(parcel, 2)!)).toMatchObject({
      body: { outcome: 'delivered' },
    });
  });
});

test('a 2xx answer of an endpoint is noted at most once a minute, and no other answer is', async () => {
  const { attempt, state, mood } = await moodyAgent('server-error');
  const noted = async () => {
    await attempt();
    return (await state()).endpoint_answered_at;
  };
  expect(await noted()).toBeNull();
  mood.behaviour = 'ok';
  const first = registry.clock.now();
  expect(await noted()).toEqual(first);
  registry.clock.advance(59_999);
  expect(await noted()).toEqual(first);
  registry.clock.advance(1);
  expect(await noted()).toEqual(registry.clock.now());
  mood.behaviour = 'server-error';
  registry.clock.advance(60_000);
  expect(await noted()).toEqual(new Date(first.getTime() + 60_000));
});
