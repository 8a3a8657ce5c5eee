import { expect, test } from '@jest/globals';
import { createQueueLag } from './queue-lag.ts';

const START = Date.parse('2026-01-01T00:00:00Z');

function setup() {
  let nowMs = START;
  const lag = createQueueLag({ now: () => new Date(nowMs) });
  const arrive = (lateMs: number, times: number): void => {
    for (let time = 0; time < times; time += 1) lag.note(((nowMs - lateMs) / 1_000).toFixed(6));
  };
  return { lag, arrive, advance: (ms: number) => (nowMs += ms) };
}

test('the lag of a queue is nothing before a task has come, and when none has come for a while', () => {
  const { lag, arrive, advance } = setup();
  expect(lag.currentMs()).toBe(0);
  arrive(40_000, 100);
  expect(lag.currentMs()).toBeGreaterThan(39_000);
  advance(5_001);
  expect(lag.currentMs()).toBe(0);
});

test('the lag of a queue follows how late tasks arrive, up and down, and one that is late by itself moves it little', () => {
  const { lag, arrive } = setup();
  arrive(0, 50);
  arrive(60_000, 1);
  expect(lag.currentMs()).toBeLessThan(10_000);
  arrive(60_000, 60);
  expect(lag.currentMs()).toBeGreaterThan(59_000);
  arrive(-500, 100);
  expect(lag.currentMs()).toBeLessThan(10);
});

test('the lag of a queue is bounded, and takes no notice of a header that is none', () => {
  const { lag, arrive } = setup();
  arrive(86_400_000, 500);
  expect(lag.currentMs()).toBeLessThanOrEqual(300_000);
  for (const eta of [undefined, '', 'soon', ['1', '2']]) lag.note(eta);
  expect(lag.currentMs()).toBeLessThanOrEqual(300_000);
});
