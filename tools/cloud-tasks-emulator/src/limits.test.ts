import { describe, expect, test } from '@jest/globals';
import { createManualClock } from './clock.ts';
import {
  createTask,
  QUEUE,
  type Received,
  respond,
  startTarget,
  startTestEmulator,
} from './testing/harness.ts';

const START = new Date('2026-01-01T00:00:00Z');

const startQueue = async (settings: Record<string, number>) => {
  const clock = createManualClock(START);
  return { clock, ...(await startTestEmulator({ clock, queues: { work: settings } })) };
};

describe('concurrency', () => {
  test('a queue has never more than maxConcurrentDispatches under way at once, and the next goes when one ends', async () => {
    const open: Received[] = [];
    const target = await startTarget((received) => open.push(received));
    const { client, emulator } = await startQueue({ maxConcurrentDispatches: 3 });
    await Promise.all(Array.from({ length: 8 }, () => createTask(client, target.url)));
    await target.nth(3);
    for (let sent = 3; sent < 8; sent += 1) {
      expect(emulator.state().queues[0]).toMatchObject({ running: 3, dispatched: sent });
      open.shift()?.response.end();
      await target.nth(sent + 1);
    }
    for (const { response } of open) response.end();
    await emulator.idle();
    expect(emulator.state().queues[0]).toMatchObject({ depth: 0, running: 0, succeeded: 8 });
  });
});

describe('rate', () => {
  test('the burst goes at once, the rest at maxDispatchesPerSecond', async () => {
    const target = await startTarget();
    const { client, clock, emulator } = await startQueue({ maxDispatchesPerSecond: 10 });
    await Promise.all(Array.from({ length: 15 }, () => createTask(client, target.url)));
    await target.nth(10);
    for (let sent = 10; sent < 15; sent += 1) {
      clock.advance(99);
      expect(emulator.state().queues[0]?.dispatched).toBe(sent);
      clock.advance(1);
      await target.nth(sent + 1);
    }
  });

  test('a rate under one a second is kept', async () => {
    const target = await startTarget();
    const { client, clock, emulator } = await startQueue({ maxDispatchesPerSecond: 0.1 });
    await Promise.all(Array.from({ length: 11 }, () => createTask(client, target.url)));
    await target.nth(10);
    clock.advance(9_999);
    expect(emulator.state().queues[0]?.dispatched).toBe(10);
    clock.advance(1);
    await target.nth(11);
  });

  test('a raised rate counts at once', async () => {
    const target = await startTarget();
    const { client, clock } = await startQueue({ maxDispatchesPerSecond: 1 });
    await Promise.all(Array.from({ length: 12 }, () => createTask(client, target.url)));
    await target.nth(10);
    await client.updateQueue({
      queue: { name: QUEUE, rateLimits: { maxDispatchesPerSecond: 500 } },
      updateMask: { paths: ['rate_limits.max_dispatches_per_second'] },
    });
    clock.advance(4);
    await target.nth(12);
  });
});

test('who waits for idle is let go when the queue that holds due tasks is paused', async () => {
  const target = await startTarget();
  const { client, emulator } = await startQueue({ maxDispatchesPerSecond: 1 });
  await Promise.all(Array.from({ length: 11 }, () => createTask(client, target.url)));
  await target.nth(10);
  const idle = emulator.idle();
  await client.pauseQueue({ name: QUEUE });
  await idle;
  expect(emulator.state().queues[0]).toMatchObject({ depth: 1, running: 0 });
});

describe('system throttling', () => {
  test('a target that answers 503 slows the whole queue, visibly, and time brings it back', async () => {
    const target = await startTarget(respond(503));
    const { client, clock, emulator } = await startQueue({
      maxDispatchesPerSecond: 500,
      minBackoffSeconds: 3600,
    });
    await Promise.all(Array.from({ length: 100 }, () => createTask(client, target.url)));
    await emulator.idle();
    const [slow] = emulator.state().queues;
    expect(slow).toMatchObject({
      failed: 100,
      maxDispatchesPerSecond: 500,
      throttle: { errors: 100, overloads: 100 },
    });
    // health = 10 / 110, times 1.25
    expect(slow?.throttle.factor).toBeCloseTo(0.1136, 4);
    expect(slow?.currentDispatchesPerSecond).toBeCloseTo(56.8, 1);
    clock.advance(60_000);
    expect(emulator.state().queues[0]).toMatchObject({
      currentDispatchesPerSecond: 500,
      throttle: { factor: 1 },
    });
  });

  test("one queue's trouble is not another's", async () => {
    const bad = await startTarget(respond(503));
    const clock = createManualClock(START);
    const queues = { work: { minBackoffSeconds: 3600 }, calm: {} };
    const { client, emulator } = await startTestEmulator({ clock, queues });
    await Promise.all(Array.from({ length: 50 }, () => createTask(client, bad.url)));
    await emulator.idle();
    const rates = emulator.state().queues.map((queue) => queue.throttle.factor);
    expect(rates[0]).toBeLessThan(0.5);
    expect(rates[1]).toBe(1);
  });

  test('system throttling can be switched off', async () => {
    const target = await startTarget(respond(503));
    const { client, emulator } = await startTestEmulator({
      clock: createManualClock(START),
      systemThrottling: false,
    });
    await Promise.all(Array.from({ length: 50 }, () => createTask(client, target.url)));
    await emulator.idle();
    expect(emulator.state().queues[0]?.throttle).toMatchObject({ factor: 1, overloads: 50 });
  });
});
