import { updateAgent } from '@agent-registry/operations';
import type { Behaviour } from '@agent-registry/outbound/testing';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startedJob } from '../testing/jobs.ts';
import { openRegistry } from '../testing/open-registry.ts';
import { createWebhookBench } from '../testing/webhook-bench.ts';

const HOUR = 3_600_000;
const registry = await openRegistry({ exchangeMs: 2_000 });
const bench = createWebhookBench(() => registry);

beforeAll(async () => {
  registry.tasks.mode = 'lose';
});
beforeEach(() => registry.clock.advance(HOUR));

/** Agents at one stranger's server, which answers as the test says at the moment. */
async function agentsAt(behaviour: Behaviour, count = 1) {
  const mood = { behaviour };
  const stranger = await bench.receiver({ behave: () => mood.behaviour });
  const agents = await Promise.all(
    Array.from({ length: count }, () => registry.newAgent(stranger.url('ok'))),
  );
  return { mood, stranger, agentIds: agents.map(({ agentId }) => agentId) };
}

/** So many events for an agent, each with its first attempt; how the dispatcher answered. */
async function send(agentId: string, events: number) {
  const answers = [];
  for (let sent = 0; sent < events; sent += 1) {
    const [spec] = await registry.event(agentId);
    answers.push(await registry.dispatch(spec!));
  }
  return answers;
}

test('an endpoint that has never answered 2xx is sent 20 attempts an hour; the rest moves to the next hour and is not lost', async () => {
  const { stranger, agentIds } = await agentsAt('server-error');
  const answers = await send(agentIds[0]!, 23);
  expect(stranger.requests).toHaveLength(20);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const moved = answers.slice(20).map(({ body }) => body);
  expect(moved.map(({ outcome }) => outcome)).toEqual(['postponed', 'postponed', 'postponed']);
  for (const { due_at } of moved) {
    expect(Date.parse(String(due_at))).toBeGreaterThanOrEqual(registry.clock.now().getTime() + HOUR);
  }
  const tasks = registry.tasks.created.slice(-3);
  registry.clock.advance(1.5 * HOUR);
  for (const task of tasks) await registry.dispatch(task);
  expect(stranger.requests).toHaveLength(23);
});

test('an endpoint that has answered 2xx once is not counted, also when it fails later', async () => {
  const { stranger, mood, agentIds } = await agentsAt('ok');
  await send(agentIds[0]!, 1);
  mood.behaviour = 'server-error';
  await send(agentIds[0]!, 25);
  expect(stranger.requests).toHaveLength(26);
});

test('another endpoint_url has to answer for itself, within the same 20 an hour', async () => {
  const { stranger, mood, agentIds } = await agentsAt('ok');
  const [agentId] = agentIds as [string];
  await send(agentId, 1);
  mood.behaviour = 'server-error';
  await registry.run((op) => updateAgent(op, { agentId, endpointUrl: `${stranger.url('ok')}?new` }));
  await send(agentId, 22);
  expect(stranger.requests).toHaveLength(20);
});

test('what was to go to an endpoint that never answered is counted, though its agent is back at one that has', async () => {
  const { stranger, agentIds } = await agentsAt('ok');
  const [agentId] = agentIds as [string];
  await send(agentId, 1);
  const silent = await bench.receiver({ behave: () => 'server-error' });
  await registry.run((op) => updateAgent(op, { agentId, endpointUrl: silent.url('ok') }));
  const specs = await Promise.all(Array.from({ length: 25 }, () => registry.event(agentId)));
  await registry.run((op) => updateAgent(op, { agentId, endpointUrl: stranger.url('ok') }));
  for (const [spec] of specs) await registry.dispatch(spec!);
  expect(silent.requests).toHaveLength(19); // The first at the other one was counted too.
});

test('the endpoints of one host that have never answered 2xx are sent 60 attempts an hour together', async () => {
  const { stranger, agentIds } = await agentsAt('server-error', 4);
  for (const agentId of agentIds) await send(agentId, 20);
  expect(stranger.requests).toHaveLength(60);
});

test('a host whose name ends in a dot is counted as the host without it', async () => {
  const { stranger, agentIds } = await agentsAt('server-error', 2);
  for (const [n, agentId] of agentIds.entries()) {
    const endpointUrl = stranger.url('ok').replace('127.0.0.1', ['localhost', 'localhost.'][n]!);
    await registry.run((op) => updateAgent(op, { agentId, endpointUrl }));
    // One: whether a name with a dot leads anywhere is the machine's business, and so whether a breaker opens.
    await send(agentId, 1);
  }
  const { value } = await registry.run(({ trx }) =>
    trx
      .selectFrom('hourly_counts')
      .select(['name', 'amount'])
      .where('name', 'like', 'webhook:host:localhost%')
      .execute(),
  );
  expect(value).toEqual([{ name: 'webhook:host:localhost', amount: 2n }]);
});

test('events of an agreed or funded job are sent beyond what an endpoint that never answered 2xx may have', async () => {
  const { stranger, agentIds, mood } = await agentsAt('server-error', 3);
  for (const agentId of agentIds) await send(agentId, 20);
  const job = await startedJob(registry, { sellerUrl: stranger.url('ok') });
  mood.behaviour = 'ok';
  const before = stranger.requests.length;
  for (const spec of job.specs.filter(({ body }) => 'event' in body)) await registry.dispatch(spec);
  const heard = stranger.requests.slice(before).map(({ body }) => JSON.parse(String(body)).event);
  expect(heard).toEqual(expect.arrayContaining(['job.accepted', 'job.funded']));
});

test('an attempt whose outcome is recorded already, or that another worker makes, is counted once', async () => {
  const { stranger, agentIds } = await agentsAt('server-error');
  const [spec] = await registry.event(agentIds[0]!);
  for (let arrival = 0; arrival < 30; arrival += 1) await registry.dispatch(spec!);
  await send(agentIds[0]!, 19);
  expect(stranger.requests).toHaveLength(20);
});
