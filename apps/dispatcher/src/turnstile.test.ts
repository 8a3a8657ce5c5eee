import { createTargetGate, type GateOutcome } from '@agent-registry/outbound';
import { describe, expect, test } from '@jest/globals';
import { createTurnstile, type Turn, type Turnstile } from './turnstile.ts';

const ALIVE: GateOutcome = { kind: 'answered' };
const DEAD: GateOutcome = { kind: 'no-answer', memory: 'timeout: The server did not answer within 10 s.' };
const BUSY = { kind: 'busy', comeBackMs: 0 };

function setup(options: { waitMs?: number; quickMs?: number } = {}): Turnstile {
  const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
  const gate = createTargetGate({ perTarget: 8, total: 100, clock, failuresToOpen: 3 });
  return createTurnstile(gate, { most: 8, waitMs: 0, ...options });
}

function admitted(turn: Turn): Extract<Turn, { kind: 'admitted' }> {
  if (turn.kind !== 'admitted') throw new Error(`not admitted: ${turn.kind}`);
  return turn;
}

/** Takes turns until there is none left. */
async function fill(turnstile: Turnstile, target: string) {
  const turns: Extract<Turn, { kind: 'admitted' }>[] = [];
  for (;;) {
    const turn = await turnstile.enter(target);
    if (turn.kind !== 'admitted') return turns;
    turns.push(turn);
  }
}

describe('a target', () => {
  test('that nobody knows yet gets one exchange at a time', async () => {
    const turnstile = setup();
    admitted(await turnstile.enter('a'));
    expect(await turnstile.enter('a')).toEqual(BUSY);
    admitted(await turnstile.enter('b'));
  });

  test('earns twice as many by each quick answer, up to the most', async () => {
    const turnstile = setup();
    const places: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const turns = await fill(turnstile, 'a');
      places.push(turns.length);
      turns[0]!.leave(ALIVE);
      for (const turn of turns) turn.leave({ kind: 'abandoned' });
    }
    expect(places).toEqual([1, 2, 4, 8, 8]);
  });

  test('is back at one exchange after the first that brings no answer', async () => {
    const turnstile = setup();
    for (let round = 0; round < 4; round += 1) admitted(await turnstile.enter('a')).leave(ALIVE);
    const turns = await fill(turnstile, 'a');
    expect(turns).toHaveLength(8);
    turns[0]!.leave(DEAD);
    for (const turn of turns) turn.leave({ kind: 'abandoned' });
    expect(await fill(turnstile, 'a')).toHaveLength(1);
  });

  test('that is slow to answer earns nothing', async () => {
    const turnstile = setup({ quickMs: -1 });
    for (let round = 0; round < 4; round += 1) admitted(await turnstile.enter('a')).leave(ALIVE);
    expect(await fill(turnstile, 'a')).toHaveLength(1);
  });
});

describe('waiting for a place', () => {
  test('ends as soon as one is free', async () => {
    const turnstile = setup({ waitMs: 60_000 });
    const first = admitted(await turnstile.enter('a'));
    const waiting = turnstile.enter('a');
    first.leave(ALIVE);
    admitted(await waiting);
  });

  test('ends without one after a moment', async () => {
    const turnstile = setup({ waitMs: 20 });
    admitted(await turnstile.enter('a'));
    expect(await turnstile.enter('a')).toEqual(BUSY);
  });

  test('is not done at a target where an exchange has been running for long', async () => {
    const turnstile = setup({ waitMs: 60_000, quickMs: -1 });
    admitted(await turnstile.enter('a'));
    const turn = await turnstile.enter('a');
    // It says to come back when that exchange must have ended.
    expect(turn).toEqual({ kind: 'busy', comeBackMs: expect.any(Number) });
    expect(turn.kind === 'busy' && turn.comeBackMs > 0 && turn.comeBackMs <= 10_000).toBe(true);
  });

  test('is for a bounded number: the rest are told at once', async () => {
    const turnstile = setup({ waitMs: 60_000 });
    const first = admitted(await turnstile.enter('a'));
    const waiting = Array.from({ length: 16 }, () => turnstile.enter('a'));
    expect(await turnstile.enter('a')).toEqual(BUSY);
    first.leave({ kind: 'abandoned' });
    for (const turn of waiting) admitted(await turn).leave({ kind: 'abandoned' });
  });
});

describe('the breaker', () => {
  test('stands above: while it is open the answer comes from memory, unless it must not', async () => {
    const turnstile = setup();
    for (let time = 0; time < 3; time += 1) admitted(await turnstile.enter('a')).leave(DEAD);
    expect(turnstile.stateOf('a')).toBe('open');
    expect(await turnstile.enter('a')).toMatchObject({
      kind: 'open',
      memory: expect.stringContaining('timeout'),
    });
    admitted(await turnstile.enter('a', { evenIfOpen: true })).leave(ALIVE);
    expect(turnstile.stateOf('a')).toBe('closed');
  });
});
