import { createTargetGate, type GateOutcome } from '@agent-registry/outbound';
import { describe, expect, test } from '@jest/globals';
import { createTurnstile, type Turn, type Turnstile, type TurnstileOptions } from './turnstile.ts';

const ALIVE: GateOutcome = { kind: 'answered' };
const DEAD: GateOutcome = { kind: 'no-answer', memory: 'timeout: The server did not answer within 10 s.' };
const BUSY = { kind: 'busy', comeBackMs: 0 };

function setup(options: Partial<TurnstileOptions> = {}): Turnstile {
  const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
  const gate = createTargetGate({ perTarget: 8, total: 100, clock, failuresToOpen: 3 });
  return createTurnstile(gate, { most: 8, perOrigin: 12, waitMs: 0, ...options });
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
    admitted(await turnstile.enter('https://a.example/'));
    expect(await turnstile.enter('https://a.example/')).toEqual(BUSY);
    admitted(await turnstile.enter('https://b.example/'));
  });

  test('earns twice as many by each quick answer, up to the most', async () => {
    const turnstile = setup();
    const places: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const turns = await fill(turnstile, 'https://a.example/');
      places.push(turns.length);
      turns[0]!.leave(ALIVE);
      for (const turn of turns) turn.leave({ kind: 'abandoned' });
    }
    expect(places).toEqual([1, 2, 4, 8, 8]);
  });

  test('is back at one exchange after the first that brings no answer', async () => {
    const turnstile = setup();
    for (let round = 0; round < 4; round += 1)
      admitted(await turnstile.enter('https://a.example/')).leave(ALIVE);
    const turns = await fill(turnstile, 'https://a.example/');
    expect(turns).toHaveLength(8);
    turns[0]!.leave(DEAD);
    for (const turn of turns) turn.leave({ kind: 'abandoned' });
    expect(await fill(turnstile, 'https://a.example/')).toHaveLength(1);
  });

  test('that is slow to answer earns nothing', async () => {
    const turnstile = setup({ quickMs: -1 });
    for (let round = 0; round < 4; round += 1)
      admitted(await turnstile.enter('https://a.example/')).leave(ALIVE);
    expect(await fill(turnstile, 'https://a.example/')).toHaveLength(1);
  });

  test('is not taken for slow because of what else its turn waited for', async () => {
    const turnstile = setup({ quickMs: 1 });
    for (let round = 0; round < 2; round += 1) {
      const turn = admitted(await turnstile.enter('https://a.example/'));
      await new Promise((resolve) => setTimeout(resolve, 10)); // the database, say
      turn.leave(ALIVE, 0.5);
    }
    expect(await fill(turnstile, 'https://a.example/')).toHaveLength(4);
    const slow = admitted(await turnstile.enter('https://b.example/'));
    slow.leave(ALIVE, 1.5);
    expect(await fill(turnstile, 'https://b.example/')).toHaveLength(1);
  });
});

describe('waiting for a place', () => {
  test('ends as soon as one is free', async () => {
    const turnstile = setup({ waitMs: 60_000 });
    const first = admitted(await turnstile.enter('https://a.example/'));
    const waiting = turnstile.enter('https://a.example/');
    first.leave(ALIVE);
    admitted(await waiting);
  });

  test('ends without one after a moment', async () => {
    const turnstile = setup({ waitMs: 20 });
    admitted(await turnstile.enter('https://a.example/'));
    expect(await turnstile.enter('https://a.example/')).toEqual(BUSY);
  });

  test('is not done at a target where an exchange has been running for long', async () => {
    const turnstile = setup({ waitMs: 60_000, quickMs: -1 });
    admitted(await turnstile.enter('https://a.example/'));
    const turn = await turnstile.enter('https://a.example/');
    // It says to come back when that exchange must have ended.
    expect(turn).toEqual({ kind: 'busy', comeBackMs: expect.any(Number) });
    expect(turn.kind === 'busy' && turn.comeBackMs > 0 && turn.comeBackMs <= 10_000).toBe(true);
  });

  test('is for a bounded number: the rest are told at once', async () => {
    const turnstile = setup({ waitMs: 60_000 });
    const first = admitted(await turnstile.enter('https://a.example/'));
    const waiting = Array.from({ length: 16 }, () => turnstile.enter('https://a.example/'));
    expect(await turnstile.enter('https://a.example/')).toEqual(BUSY);
    first.leave({ kind: 'abandoned' });
    for (const turn of waiting) admitted(await turn).leave({ kind: 'abandoned' });
  });
});

describe('endpoints of one origin', () => {
  const [mine, yours] = ['https://host.example/mine', 'https://host.example/yours'] as const;

  test('do not share a fate: what hangs at one path leaves the others their places and their breaker', async () => {
    const turnstile = setup();
    for (let time = 0; time < 4; time += 1) admitted(await turnstile.enter(mine)).leave(ALIVE);
    for (let time = 0; time < 3; time += 1) admitted(await turnstile.enter(yours)).leave(DEAD);
    expect([turnstile.stateOf(mine), turnstile.stateOf(yours)]).toEqual(['closed', 'open']);
    expect(await fill(turnstile, mine)).toHaveLength(8);
  });

  test('share the connections to it', async () => {
    const turnstile = setup();
    for (const url of [mine, yours])
      for (let time = 0; time < 4; time += 1) admitted(await turnstile.enter(url)).leave(ALIVE);
    expect((await fill(turnstile, mine)).length + (await fill(turnstile, yours)).length).toBe(12);
    admitted(await turnstile.enter('https://other.example/'));
  });

  test('and whoever waits for one of those gets the next that is free, at whichever endpoint', async () => {
    const turnstile = setup({ waitMs: 60_000, perOrigin: 1 });
    const first = admitted(await turnstile.enter(mine));
    const waiting = turnstile.enter(yours);
    first.leave(ALIVE);
    admitted(await waiting);
  });
});

describe('the breaker', () => {
  test('stands above: while it is open the answer comes from memory, unless it must not', async () => {
    const turnstile = setup();
    for (let time = 0; time < 3; time += 1) admitted(await turnstile.enter('https://a.example/')).leave(DEAD);
    expect(turnstile.stateOf('https://a.example/')).toBe('open');
    expect(await turnstile.enter('https://a.example/')).toMatchObject({
      kind: 'open',
      memory: expect.stringContaining('timeout'),
    });
    admitted(await turnstile.enter('https://a.example/', { evenIfOpen: true })).leave(ALIVE);
    expect(turnstile.stateOf('https://a.example/')).toBe('closed');
  });
});
