import { expect, test } from '@jest/globals';
import { createRunQueue } from './run-queue.ts';

const limits = { slots: 1, queue: 2, queueWaitMs: 60_000, retryAfterSeconds: 5 };
const never = new AbortController().signal;

test('slots are given in the order in which they were asked for', async () => {
  const queue = createRunQueue(limits);
  const order: number[] = [];
  const reservations = [queue.reserve(), queue.reserve(), queue.reserve()];
  const served = reservations.map(async (reservation, n) => {
    await reservation.acquire(never);
    order.push(n);
    reservation.release();
  });
  await Promise.all(served);
  expect(order).toEqual([0, 1, 2]);
  expect(queue.load()).toEqual({ running: 0, waiting: 0 });
});

test('beyond slots and queue it refuses at once, with a time to retry after', () => {
  const queue = createRunQueue(limits);
  const reservations = [queue.reserve(), queue.reserve(), queue.reserve()];
  expect(() => queue.reserve()).toThrow(
    expect.objectContaining({ code: 'unavailable', retryAfterSeconds: 5 }),
  );
  reservations[0]?.release();
  expect(queue.reserve()).toBeDefined();
});

test('one that gives up leaves the queue and takes no slot', async () => {
  const queue = createRunQueue(limits);
  const first = queue.reserve();
  await first.acquire(never);
  const abort = new AbortController();
  const second = queue.reserve();
  const waiting = second.acquire(abort.signal);
  abort.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  second.release();
  second.release();
  first.release();
  expect(queue.load()).toEqual({ running: 0, waiting: 0 });
  await queue.reserve().acquire(never);
  expect(queue.load()).toEqual({ running: 1, waiting: 0 });
});

test('one that waited too long is refused', async () => {
  const queue = createRunQueue({ ...limits, queueWaitMs: 1 });
  await queue.reserve().acquire(never);
  await expect(queue.reserve().acquire(never)).rejects.toMatchObject({
    code: 'unavailable',
    retryAfterSeconds: 5,
  });
});
