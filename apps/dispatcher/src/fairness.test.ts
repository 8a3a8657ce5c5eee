import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Registry, startRegistry } from './testing/start-registry.ts';
import { createWebhookBench, until } from './testing/webhook-bench.ts';

const NO_TRACE = { timeoutMs: 10_000, traceparent: null };
let registry: Registry;
const bench = createWebhookBench(() => registry);

beforeEach(async () => {
  // An exchange that hangs does so for longer than the test may take: whoever had to wait for it would never be served.
  registry = await startRegistry({ realTime: true, exchangeMs: 120_000 });
});
afterEach(async () => {
  await registry[Symbol.asyncDispose]();
});

async function agentsAt(behaviour: 'ok' | 'silent', count: number) {
  const strangers = await Promise.all(Array.from({ length: count }, () => bench.receiver()));
  return Promise.all(
    strangers.map(async (stranger) => ({
      stranger,
      agentId: (await registry.newAgent(stranger.url(behaviour))).agentId,
    })),
  );
}

async function send(agentIds: readonly string[], eventsEach: number): Promise<void> {
  for (let round = 0; round < eventsEach; round += 1) {
    const specs = (await Promise.all(agentIds.map((agentId) => registry.event(agentId)))).flat();
    await Promise.all(specs.map((spec) => registry.first.context.tasks.create(spec, NO_TRACE)));
  }
}

describe('with half the targets hanging', () => {
  test('with half the targets hanging the others get every event while the first hanging exchanges are still under way', async () => {
    const [live, hanging] = [await agentsAt('ok', 6), await agentsAt('silent', 6)];
    await send(
      [...hanging, ...live].map(({ agentId }) => agentId),
      25,
    );
    await until(() => live.every(({ stranger }) => stranger.requests.length >= 25));
    expect(live.map(({ stranger }) => stranger.requests.length)).toEqual(Array(6).fill(25));
    // A target that never answered holds one place of the queue, whatever there is for it.
    expect(hanging.map(({ stranger }) => stranger.requests.length)).toEqual(Array(6).fill(1));
    // What had to step back was answered 200, so that nothing slows the queue down.
    const answered = registry.first.lines.filter(({ outcome }) => outcome !== undefined);
    expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answered.filter(({ outcome }) => outcome === 'postponed').length).toBeGreaterThan(0);
  }, 60_000);

  test('what stepped back is kept for later, counted as no attempt, and goes out once there is room', async () => {
    const { db } = registry.database;
    const impatient = await registry.start({ exchangeMs: 1_500 });
    let hangs = true;
    const stranger = await bench.receiver({ behave: () => (hangs ? 'silent' : 'ok') });
    const { agentId } = await registry.newAgent(stranger.url('ok'));
    const [first, second] = [(await registry.event(agentId))[0]!, (await registry.event(agentId))[0]!];
    const hanging = registry.dispatch(first, impatient);
    await until(() => stranger.requests.length === 1);
    expect(await registry.dispatch(second, impatient)).toMatchObject({
      status: 200,
      body: { outcome: 'postponed' },
    });
    hangs = false;
    const waiting = await db.selectFrom('webhook_deliveries').select(['attempts', 'status']).execute();
    expect(waiting).toEqual(Array(2).fill({ attempts: 0, status: 'pending' }));
    expect((await hanging).status).toBe(504);
    await until(async () => {
      const rows = await db.selectFrom('webhook_deliveries').select('status').execute();
      return rows.every(({ status }) => status === 'delivered');
    });
    const rows = await db
      .selectFrom('webhook_deliveries')
      .select('attempts')
      .orderBy('delivery_id')
      .execute();
    expect(rows).toEqual([{ attempts: 2 }, { attempts: 1 }]);
  }, 60_000);
});

describe('a burst of events for one quick target', () => {
  test('a burst of events for one quick target arrives whole', async () => {
    const [quick] = await agentsAt('ok', 1);
    await send(Array(10).fill(quick!.agentId), 10);
    await until(() => quick!.stranger.requests.length >= 100);
    const ids = quick!.stranger.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(100);
    expect(ids).toHaveLength(100);
  }, 60_000);
});
