import { describe, expect, test } from '@jest/globals';
import { createTargetGate, type GateDecision, type TargetGate, targetOf } from './target-gate.ts';

const DEAD = { kind: 'no-answer', memory: 'The connection was refused.' } as const;
const ALIVE = { kind: 'answered' } as const;

function setup(change: Partial<Parameters<typeof createTargetGate>[0]> = {}): {
  gate: TargetGate;
  advance: (ms: number) => void;
} {
  let now = 1_000_000;
  const gate = createTargetGate({
    perTarget: 2,
    total: 4,
    clock: { now: () => new Date(now) },
    failuresToOpen: 3,
    openMs: 1_000,
    maxOpenMs: 3_000,
    ...change,
  });
  return {
    gate,
    advance: (ms) => {
      now += ms;
    },
  };
}

function admitted(decision: GateDecision): Extract<GateDecision, { kind: 'admitted' }> {
  if (decision.kind !== 'admitted') throw new Error(`not admitted: ${decision.kind}`);
  return decision;
}

function fail(gate: TargetGate, target: string, times: number): void {
  for (let i = 0; i < times; i += 1) admitted(gate.enter(target)).leave(DEAD);
}

describe('shares', () => {
  test('one target gets its share and no more, others are not touched', () => {
    const { gate } = setup();
    const first = admitted(gate.enter('a'));
    admitted(gate.enter('a'));
    expect(gate.enter('a')).toEqual({ kind: 'busy', bound: 'target' });
    admitted(gate.enter('b')).leave(ALIVE);
    first.leave(ALIVE);
    admitted(gate.enter('a'));
  });

  test('everything together is bounded too', () => {
    const { gate } = setup();
    for (const target of ['a', 'b', 'c', 'd']) admitted(gate.enter(target));
    expect(gate.enter('e')).toEqual({ kind: 'busy', bound: 'total' });
    expect(gate.inFlight()).toBe(4);
  });

  test('leaving twice counts once', () => {
    const { gate } = setup();
    const entry = admitted(gate.enter('a'));
    entry.leave(ALIVE);
    entry.leave(ALIVE);
    expect(gate.inFlight()).toBe(0);
  });
});

describe('the breaker', () => {
  test('opens after so many failures in a row, and answers from memory', () => {
    const { gate } = setup();
    fail(gate, 'a', 2);
    expect(gate.stateOf('a')).toBe('closed');
    fail(gate, 'a', 1);
    expect(gate.stateOf('a')).toBe('open');
    expect(gate.enter('a')).toEqual({ kind: 'open', memory: DEAD.memory, retryAt: new Date(1_001_000) });
    expect(gate.stateOf('b')).toBe('closed');
  });

  test('an answer in between, whatever it says, starts the count afresh', () => {
    const { gate } = setup();
    fail(gate, 'a', 2);
    admitted(gate.enter('a')).leave(ALIVE);
    fail(gate, 'a', 2);
    expect(gate.stateOf('a')).toBe('closed');
  });

  test('lets one probe through when its time has passed, and closes on an answer', () => {
    const { gate, advance } = setup();
    fail(gate, 'a', 3);
    advance(999);
    expect(gate.enter('a').kind).toBe('open');
    advance(1);
    expect(gate.stateOf('a')).toBe('half-open');
    const probe = admitted(gate.enter('a'));
    expect(probe.probe).toBe(true);
    expect(gate.enter('a').kind).toBe('open');
    probe.leave(ALIVE);
    expect(gate.stateOf('a')).toBe('closed');
    expect(admitted(gate.enter('a')).probe).toBe(false);
  });

  test('stays open longer after each probe that fails, up to a bound', () => {
    const { gate, advance } = setup();
    fail(gate, 'a', 3);
    const waits: number[] = [];
    for (const ms of [1_000, 2_000, 3_000, 3_000]) {
      advance(ms - 1);
      expect(gate.enter('a').kind).toBe('open');
      advance(1);
      admitted(gate.enter('a')).leave(DEAD);
      waits.push(ms);
    }
    expect(waits).toHaveLength(4);
    advance(3_000);
    admitted(gate.enter('a')).leave(ALIVE);
    fail(gate, 'a', 3);
    advance(1_000);
    expect(gate.stateOf('a')).toBe('half-open');
  });

  test('exchanges that began before it opened neither reopen nor prolong it', () => {
    const { gate, advance } = setup({ failuresToOpen: 1 });
    const [first, second] = [admitted(gate.enter('a')), admitted(gate.enter('a'))];
    first.leave(DEAD);
    advance(900);
    second.leave(DEAD);
    advance(100);
    expect(gate.stateOf('a')).toBe('half-open');
  });

  test('a probe that was abandoned leaves the question to the next', () => {
    const { gate, advance } = setup();
    fail(gate, 'a', 3);
    advance(1_000);
    admitted(gate.enter('a')).leave({ kind: 'abandoned' });
    expect(admitted(gate.enter('a')).probe).toBe(true);
  });
});

describe('memory', () => {
  test('targets in good standing are not remembered at all', () => {
    const { gate } = setup();
    for (let i = 0; i < 100; i += 1) admitted(gate.enter(`t${i}`)).leave(ALIVE);
    expect(gate.size()).toBe(0);
  });

  test('of targets in trouble the least recently used is forgotten, never one in flight', () => {
    const { gate } = setup({ maxTargets: 3, failuresToOpen: 1 });
    const flying = admitted(gate.enter('flying'));
    for (let i = 0; i < 50; i += 1) fail(gate, `t${i}`, 1);
    expect(gate.size()).toBe(3);
    expect(gate.stateOf('t49')).toBe('open');
    expect(gate.stateOf('t0')).toBe('closed');
    flying.leave(DEAD);
    expect(gate.stateOf('flying')).toBe('open');
  });
});

test('a target is scheme, host and port', () => {
  expect(targetOf('https://Example.com/a?b')).toBe('https://example.com');
  expect(targetOf('https://example.com:8443/')).toBe('https://example.com:8443');
  expect(targetOf('nonsense')).toBe('');
});
