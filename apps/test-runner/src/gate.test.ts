import { expect, test } from '@jest/globals';
import { createGate } from './gate.ts';

const limits = { slots: 1, queue: 2, queueWaitMs: 60_000, retryAfterSeconds: 5 };
const never = new AbortController().signal;

test('slots are given in the order in which they were asked for', async () => {
  const gate = createGate(limits);
  const order: number[] = [];
  const places = [gate.enter(), gate.enter(), gate.enter()];
  const served = places.map(async (place, n) => {
    await place.slot(never);
    order.push(n);
    place.leave();
  });
  await Promise.all(served);
  expect(order).toEqual([0, 1, 2]);
  expect(gate.load()).toEqual({ running: 0, waiting: 0 });
});

test('beyond slots and queue it refuses at once, with a time to retry after', () => {
  const gate = createGate(limits);
  const places = [gate.enter(), gate.enter(), gate.enter()];
  expect(() => gate.enter()).toThrow(expect.objectContaining({ code: 'unavailable', retryAfterSeconds: 5 }));
  places[0]?.leave();
  expect(gate.enter()).toBeDefined();
});

test('one that gives up leaves the queue and takes no slot', async () => {
  const gate = createGate(limits);
  const first = gate.enter();
  await first.slot(never);
  const abort = new AbortController();
  const second = gate.enter();
  const waiting = second.slot(abort.signal);
  abort.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  second.leave();
  second.leave();
  first.leave();
  expect(gate.load()).toEqual({ running: 0, waiting: 0 });
  await gate.enter().slot(never);
  expect(gate.load()).toEqual({ running: 1, waiting: 0 });
});

test('one that waited too long is refused', async () => {
  const gate = createGate({ ...limits, queueWaitMs: 1 });
  await gate.enter().slot(never);
  await expect(gate.enter().slot(never)).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
});
