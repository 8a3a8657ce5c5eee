import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { createManualClock } from './clock.ts';
import {
  createTask,
  PARENT,
  QUEUE,
  refuses,
  startPausedEmulator,
  startTarget,
  startTestEmulator,
} from './testing/harness.ts';

const other = `${PARENT}/queues/other`;
const DAY_MS = 86_400_000;

describe('queues', () => {
  test('a queue can be created, read, listed, changed and deleted', async () => {
    const { client } = await startTestEmulator();
    const [created] = await client.createQueue({ parent: PARENT, queue: { name: other } });
    expect(created).toMatchObject({
      name: other,
      state: 'RUNNING',
      rateLimits: { maxDispatchesPerSecond: 500, maxBurstSize: 100, maxConcurrentDispatches: 1000 },
      retryConfig: { maxAttempts: 100, maxDoublings: 16, maxBackoff: { seconds: '3600' } },
    });
    const [listed] = await client.listQueues({ parent: PARENT });
    expect(listed.map((queue) => queue.name)).toEqual([other, QUEUE]);
    await client.deleteQueue({ name: other });
    await refuses(client.getQueue({ name: other }), status.NOT_FOUND);
  });

  test('an update changes what its mask names and nothing else', async () => {
    const { client } = await startTestEmulator();
    const [updated] = await client.updateQueue({
      queue: { name: QUEUE, rateLimits: { maxDispatchesPerSecond: 7, maxConcurrentDispatches: 3 } },
      updateMask: { paths: ['rate_limits.max_dispatches_per_second'] },
    });
    expect(updated.rateLimits).toMatchObject({ maxDispatchesPerSecond: 7, maxConcurrentDispatches: 1000 });
    const [whole] = await client.updateQueue({
      queue: { name: QUEUE, retryConfig: { maxAttempts: -1, minBackoff: { seconds: 2 } } },
      updateMask: { paths: ['retryConfig'] },
    });
    expect(whole.retryConfig).toMatchObject({ maxAttempts: -1, minBackoff: { seconds: '2' } });
    expect(whole.rateLimits?.maxDispatchesPerSecond).toBe(7);
  });

  test('a queue that exists is refused, and so is the name of one deleted less than three days ago', async () => {
    const clock = createManualClock(new Date('2026-01-01T00:00:00Z'));
    const { client } = await startTestEmulator({ clock });
    const create = () => client.createQueue({ parent: PARENT, queue: { name: other } });
    await create();
    await refuses(create(), status.ALREADY_EXISTS);
    await client.deleteQueue({ name: other });
    clock.advance(3 * DAY_MS - 1);
    await refuses(create(), status.FAILED_PRECONDITION);
    clock.advance(1);
    await expect(create()).resolves.toBeDefined();
  });

  test('a missing queue is NOT_FOUND for every call', async () => {
    const { client } = await startTestEmulator();
    const calls = [
      () => client.getQueue({ name: other }),
      () => client.deleteQueue({ name: other }),
      () => client.pauseQueue({ name: other }),
      () => client.resumeQueue({ name: other }),
      () => client.purgeQueue({ name: other }),
      () => client.listTasks({ parent: other }),
      () => client.createTask({ parent: other, task: { httpRequest: { url: 'http://127.0.0.1:9' } } }),
      () => client.getTask({ name: `${other}/tasks/a` }),
    ];
    for (const call of calls) await refuses(call(), status.NOT_FOUND);
  });

  test('a setting out of bounds is INVALID_ARGUMENT and changes nothing', async () => {
    const { client } = await startTestEmulator();
    const bad = [
      { rateLimits: { maxDispatchesPerSecond: -1 } },
      { rateLimits: { maxDispatchesPerSecond: 501 } },
      { rateLimits: { maxDispatchesPerSecond: Number.NaN, maxConcurrentDispatches: 5001 } },
      { rateLimits: { maxConcurrentDispatches: -1 } },
      { retryConfig: { maxAttempts: -2 } },
      { retryConfig: { maxDoublings: -1 } },
      { retryConfig: { minBackoff: { seconds: -1 } } },
      { retryConfig: { minBackoff: { seconds: 20 }, maxBackoff: { seconds: 10 } } },
      { retryConfig: { maxRetryDuration: { seconds: 1, nanos: 2_000_000_000 } } },
    ];
    for (const settings of bad) {
      const call = client.updateQueue({ queue: { name: QUEUE, ...settings } });
      await refuses(call, status.INVALID_ARGUMENT);
    }
    const unknown = client.updateQueue({ queue: { name: QUEUE }, updateMask: { paths: ['state'] } });
    await refuses(unknown, status.INVALID_ARGUMENT);
    const [queue] = await client.getQueue({ name: QUEUE });
    expect(queue.rateLimits?.maxDispatchesPerSecond).toBe(500);
  });

  test('lists come in pages that together hold everything once', async () => {
    const { client } = await startTestEmulator({ queues: { work: {}, a: {}, b: {}, c: {} } });
    const names: unknown[] = [];
    for await (const queue of client.listQueuesAsync(
      { parent: PARENT, pageSize: 3 },
      { autoPaginate: false },
    ))
      names.push(queue.name);
    expect(names).toEqual(['a', 'b', 'c', 'work'].map((id) => `${PARENT}/queues/${id}`));
    const forged = client.listQueues({ parent: PARENT, pageToken: 'nonsense' }, { autoPaginate: false });
    await refuses(forged, status.INVALID_ARGUMENT);
  });
});

describe('pause, resume, purge', () => {
  test('a paused queue takes tasks and sends none; resumed, it sends them', async () => {
    const target = await startTarget();
    const { client, emulator } = await startTestEmulator();
    const [paused] = await client.pauseQueue({ name: QUEUE });
    expect(paused.state).toBe('PAUSED');
    await createTask(client, target.url);
    await emulator.idle();
    expect(target.requests).toHaveLength(0);
    expect(emulator.state().queues[0]).toMatchObject({ state: 'PAUSED', depth: 1, running: 0 });
    await client.resumeQueue({ name: QUEUE });
    await emulator.idle();
    expect(target.requests).toHaveLength(1);
    expect(emulator.state().queues[0]).toMatchObject({ state: 'RUNNING', depth: 0, succeeded: 1 });
  });

  test('RunTask sends a task of a paused queue, and one that is due much later', async () => {
    const target = await startTarget();
    const { client, emulator } = await startPausedEmulator();
    const task = await createTask(client, target.url, {
      scheduleTime: { seconds: Math.floor(Date.now() / 1000) + 86_400 },
    });
    const [run] = await client.runTask({ name: task.name ?? '' });
    expect(run.dispatchCount).toBe(1);
    await emulator.idle();
    expect(target.requests).toHaveLength(1);
    await refuses(client.runTask({ name: task.name ?? '' }), status.NOT_FOUND);
  });

  test('a purge removes what is there and says when', async () => {
    const target = await startTarget();
    const { client, emulator } = await startPausedEmulator();
    const name = `${QUEUE}/tasks/purged`;
    await createTask(client, target.url, { name });
    const [purged] = await client.purgeQueue({ name: QUEUE });
    expect(Number(purged.purgeTime?.seconds)).toBeGreaterThan(0);
    await refuses(createTask(client, target.url, { name }), status.ALREADY_EXISTS);
    await client.resumeQueue({ name: QUEUE });
    await emulator.idle();
    expect(target.requests).toHaveLength(0);
  });

  test('a deleted queue sends nothing more', async () => {
    const target = await startTarget();
    const { client, emulator } = await startPausedEmulator();
    await createTask(client, target.url);
    await client.deleteQueue({ name: QUEUE });
    await emulator.idle();
    expect(target.requests).toHaveLength(0);
    expect(emulator.state().queues).toHaveLength(0);
  });
});
