import { expect, test } from '@jest/globals';
import { type CircuitBreaker, type CircuitBreakerOptions, createCircuitBreaker } from './circuit-breaker.ts';

const DEAD = { kind: 'no-answer', memory: 'The connection was refused.' } as const;
const ALIVE = { kind: 'answered' } as const;

function setup(change: Partial<CircuitBreakerOptions> = {}) {
  let now = 1_000_000;
  const clock = { now: () => new Date(now) };
  const breaker = createCircuitBreaker({
    clock,
    failuresToOpen: 3,
    openMs: 1_000,
    maxOpenMs: 3_000,
    ...change,
  });
  const advance = (ms: number): void => {
    now += ms;
  };
  return { breaker, advance };
}

function fail(breaker: CircuitBreaker, endpoint: string, times: number): void {
  for (let i = 0; i < times; i += 1) breaker.begin(endpoint).settle(DEAD);
}

test('a circuit opens after so many failures in a row, and answers from memory', () => {
  const { breaker } = setup();
  fail(breaker, 'a', 2);
  expect([breaker.stateOf('a'), breaker.recall('a')]).toEqual(['closed', null]);
  fail(breaker, 'a', 1);
  expect(breaker.stateOf('a')).toBe('open');
  expect(breaker.recall('a')).toEqual({ kind: 'open', memory: DEAD.memory, retryAt: new Date(1_001_000) });
  expect(breaker.stateOf('b')).toBe('closed');
});

test('an answer between failures, whatever it says, starts their count afresh', () => {
  const { breaker } = setup();
  fail(breaker, 'a', 2);
  breaker.begin('a').settle(ALIVE);
  fail(breaker, 'a', 2);
  expect(breaker.stateOf('a')).toBe('closed');
});

test('an open circuit lets one probe through when its time has passed, and closes on an answer', () => {
  const { breaker, advance } = setup();
  fail(breaker, 'a', 3);
  advance(999);
  expect(breaker.recall('a')?.kind).toBe('open');
  advance(1);
  expect([breaker.stateOf('a'), breaker.recall('a')]).toEqual(['half-open', null]);
  const probe = breaker.begin('a');
  expect(probe.probe).toBe(true);
  expect(breaker.recall('a')?.kind).toBe('open');
  probe.settle(ALIVE);
  expect(breaker.stateOf('a')).toBe('closed');
  expect(breaker.begin('a').probe).toBe(false);
});

test('a circuit stays open longer after each probe that fails, up to a bound, and an answer forgets that', () => {
  const { breaker, advance } = setup();
  fail(breaker, 'a', 3);
  for (const ms of [1_000, 2_000, 3_000, 3_000]) {
    advance(ms - 1);
    expect(breaker.recall('a')?.kind).toBe('open');
    advance(1);
    breaker.begin('a').settle(DEAD);
  }
  advance(3_000);
  breaker.begin('a').settle(ALIVE);
  fail(breaker, 'a', 3);
  advance(1_000);
  expect(breaker.stateOf('a')).toBe('half-open');
});

test('exchanges that began before a circuit opened neither reopen nor prolong it', () => {
  const { breaker, advance } = setup({ failuresToOpen: 1 });
  const [first, second] = [breaker.begin('a'), breaker.begin('a')];
  first.settle(DEAD);
  advance(900);
  second.settle(DEAD);
  advance(100);
  expect(breaker.stateOf('a')).toBe('half-open');
});

test('a probe that was abandoned leaves the question to the next, and settling twice counts once', () => {
  const { breaker, advance } = setup();
  fail(breaker, 'a', 3);
  advance(1_000);
  const probe = breaker.begin('a');
  probe.settle({ kind: 'abandoned' });
  probe.settle(DEAD);
  expect([breaker.recall('a'), breaker.begin('a').probe]).toEqual([null, true]);
});

test('endpoints in good standing are not remembered, and of those in trouble the least recently used are evicted', () => {
  const { breaker } = setup({ maxEndpoints: 3, failuresToOpen: 1 });
  for (let i = 0; i < 100; i += 1) breaker.begin(`t${i}`).settle(ALIVE);
  expect(breaker.size()).toBe(0);
  const inFlight = breaker.begin('in flight');
  for (let i = 0; i < 50; i += 1) fail(breaker, `t${i}`, 1);
  expect([breaker.size(), breaker.stateOf('t49'), breaker.stateOf('t0')]).toEqual([3, 'open', 'closed']);
  inFlight.settle(DEAD);
  expect(breaker.stateOf('in flight')).toBe('open');
});
