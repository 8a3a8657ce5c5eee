import { updateAgent } from '@agent-registry/operations';
import type { Behaviour } from '@agent-registry/outbound/testing';
import { describe, expect, test } from '@jest/globals';
import { openRegistry } from '../testing/open-registry.ts';
import { createWebhookBench, until } from '../testing/webhook-bench.ts';

const registry = await openRegistry({ exchangeMs: 300 });
const bench = createWebhookBench(() => registry);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const DELAYS = [1 * SECOND, 5 * SECOND, 30 * SECOND, 5 * MINUTE, 30 * MINUTE];

describe('retries', () => {
  test('retries come after exactly 1 s, 5 s, 30 s, 5 min and 30 min through the queue; then the delivery is exhausted', async () => {
    const { stranger, parcel } = await bench.parcelTo('server-error');
    await registry.first.context.tasks.create(parcel.spec, { timeoutMs: 5_000, traceparent: null });
    await until(async () => (await bench.attempt(parcel, 1))?.finished_at != null);
    for (const [index, delayMs] of DELAYS.entries()) {
      const attempt = index + 2;
      const before = await bench.attempt(parcel, attempt - 1);
      expect(before!.next_attempt_at!.getTime() - before!.finished_at!.getTime()).toBe(delayMs);
      await until(() => bench.taskOf(parcel, attempt) !== undefined);
      await registry.emulator.idle();
      registry.clock.advance(delayMs - 1);
      await registry.emulator.idle();
      expect(stranger.requests).toHaveLength(attempt - 1);
      registry.clock.advance(1);
      await until(async () => (await bench.attempt(parcel, attempt))?.finished_at != null);
      expect(stranger.requests).toHaveLength(attempt);
    }
    expect(new Set(stranger.requests.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([parcel.deliveryId]),
    );
    expect(await bench.delivery(parcel)).toMatchObject({ status: 'failed', exhausted: true, attempts: 6 });
    expect((await bench.attempt(parcel, 6))!.next_attempt_at).toBeNull();
    expect(bench.taskOf(parcel, 7)).toBeUndefined();
  });

  test('retries stop at the first success, and are built afresh: a new endpoint reaches them', async () => {
    const old = await bench.receiver();
    const fresh = await bench.receiver();
    const parcel = await bench.parcel(old.url('server-error'));
    await registry.run((op) => updateAgent(op, { agentId: parcel.agentId, endpointUrl: fresh.url('ok') }));
    // The task is a snapshot: this attempt still goes where the agent was.
    expect((await registry.dispatch(parcel.spec)).status).toBe(200);
    expect([old.requests.length, fresh.requests.length]).toEqual([1, 0]);
    // It says nothing of the endpoint that the agent has now.
    expect(await bench.agent(parcel)).toMatchObject({ endpoint_failures: 0, endpoint_failing_since: null });
    registry.clock.advance(SECOND);
    await until(() => fresh.requests.length === 1);
    await until(async () => (await bench.delivery(parcel)).status === 'delivered');
    expect(old.requests).toHaveLength(1);
    expect(await bench.delivery(parcel)).toMatchObject({ attempts: 2, last_error: null });
  });
});

describe('an endpoint without an answer that is in trouble already', () => {
  test('an endpoint whose last attempt brought no answer either: 200, its successor committed', async () => {
    const { parcel } = await bench.parcelTo('drop-at-once');
    expect((await registry.dispatch(parcel.spec)).status).toBe(502);
    const second = bench.taskOf(parcel, 2)!;
    const answer = await registry.dispatch(second);
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'failed' } });
    const { next_attempt_at } = (await bench.attempt(parcel, 2))!;
    expect(next_attempt_at!.getTime() - registry.clock.now().getTime()).toBe(5 * SECOND);
    expect(bench.taskOf(parcel, 3)).toMatchObject({ scheduleAt: next_attempt_at });
  });

  test('a success in between puts an endpoint without an answer into good standing again', async () => {
    const behaviours: Behaviour[] = ['reset', 'ok', 'reset'];
    const stranger = await bench.receiver({ behave: () => behaviours.shift() ?? 'ok' });
    const parcel = await bench.parcel(stranger.url('ok'));
    expect((await registry.dispatch(parcel.spec)).status).toBe(502);
    const [second, third] = [await registry.event(parcel.agentId), await registry.event(parcel.agentId)];
    expect((await registry.dispatch(second[0]!)).status).toBe(200);
    expect((await registry.dispatch(third[0]!)).status).toBe(502);
  });
});

describe('a breaker that is open', () => {
  test('a breaker that is open answers from memory: nothing is sent, the log says so, 200; pings and last attempts go out all the same', async () => {
    const { stranger, parcel } = await bench.parcelTo('reset');
    await registry.dispatch(parcel.spec);
    for (let sent = 1; sent < 5; sent += 1) {
      const [spec] = await registry.event(parcel.agentId);
      await registry.dispatch(spec!);
    }
    expect(stranger.requests).toHaveLength(5);
    const [spec] = await registry.event(parcel.agentId);
    expect(await registry.dispatch(spec!)).toMatchObject({ status: 200, body: { outcome: 'failed' } });
    expect(stranger.requests).toHaveLength(5);
    const late = { ...parcel, spec: spec!, deliveryId: String(spec!.body.delivery_id) };
    const log = (await bench.attempt(late))!;
    expect(log).toMatchObject({ phase: 'response', status: null, duration_ms: 0 });
    expect(log.error).toMatch(/^Not sent: .*The connection was (reset|closed)/);
    expect(log.next_attempt_at!.getTime() - registry.clock.now().getTime()).toBe(SECOND);
    // Memory proves nothing new: only the five that were sent are counted against the endpoint.
    expect((await bench.agent(parcel)).endpoint_failures).toBe(5);
    const { specs } = await registry.ping(parcel.agentId);
    await registry.dispatch(specs[0]!);
    expect(stranger.requests).toHaveLength(6);
    const [fresh] = await registry.event(parcel.agentId);
    const last = { ...fresh!, body: { ...fresh!.body, attempt: 6 } };
    expect((await registry.dispatch(last)).status).toBe(200);
    expect(stranger.requests).toHaveLength(7);
  });
});
