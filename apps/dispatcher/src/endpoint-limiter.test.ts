import { createCircuitBreaker, type ExchangeOutcome } from '@agent-registry/outbound';
import { describe, expect, test } from '@jest/globals';
import {
  type Acquired,
  createEndpointLimiter,
  type EndpointLimiter,
  type EndpointLimiterOptions,
  type EndpointSlot,
} from './endpoint-limiter.ts';

const ALIVE: ExchangeOutcome = { kind: 'answered' };
const DEAD: ExchangeOutcome = {
  kind: 'no-answer',
  memory: 'timeout: The server did not answer within 10 s.',
};
const BUSY = { kind: 'busy', retryAfterMs: 0 };

function setup(options: Partial<EndpointLimiterOptions> = {}): EndpointLimiter {
  const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
  const breaker = createCircuitBreaker({ clock, failuresToOpen: 3 });
  return createEndpointLimiter(breaker, { perEndpoint: 8, perOrigin: 12, total: 100, waitMs: 0, ...options });
}

function slotOf(acquired: Acquired): EndpointSlot {
  if (acquired.kind !== 'acquired') throw new Error(`no slot: ${acquired.kind}`);
  return acquired;
}

/** Takes slots until there is none left. */
async function fill(limiter: EndpointLimiter, url: string) {
  const slots: EndpointSlot[] = [];
  for (;;) {
    const slot = await limiter.acquire(url);
    if (slot.kind !== 'acquired') return slots;
    slots.push(slot);
  }
}

describe('an endpoint', () => {
  test('an endpoint that nobody knows yet gets one exchange at a time', async () => {
    const limiter = setup();
    slotOf(await limiter.acquire('https://a.example/'));
    expect(await limiter.acquire('https://a.example/')).toEqual(BUSY);
    slotOf(await limiter.acquire('https://b.example/'));
  });

  test('an endpoint earns twice as many slots by each quick answer, up to the most', async () => {
    const limiter = setup();
    const counts: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const slots = await fill(limiter, 'https://a.example/');
      counts.push(slots.length);
      slots[0]!.release(ALIVE);
      for (const slot of slots) slot.release({ kind: 'abandoned' });
    }
    expect(counts).toEqual([1, 2, 4, 8, 8]);
  });

  test('an endpoint is back at one slot after the first exchange that brings no answer', async () => {
    const limiter = setup();
    for (let round = 0; round < 4; round += 1)
      slotOf(await limiter.acquire('https://a.example/')).release(ALIVE);
    const slots = await fill(limiter, 'https://a.example/');
    expect(slots).toHaveLength(8);
    slots[0]!.release(DEAD);
    for (const slot of slots) slot.release({ kind: 'abandoned' });
    expect(await fill(limiter, 'https://a.example/')).toHaveLength(1);
  });

  test('an endpoint that is slow to answer earns nothing', async () => {
    const limiter = setup({ quickMs: -1 });
    for (let round = 0; round < 4; round += 1)
      slotOf(await limiter.acquire('https://a.example/')).release(ALIVE);
    expect(await fill(limiter, 'https://a.example/')).toHaveLength(1);
  });

  test('an endpoint is not taken for slow because of what else its slot waited for', async () => {
    const limiter = setup({ quickMs: 1 });
    for (let round = 0; round < 2; round += 1) {
      const slot = slotOf(await limiter.acquire('https://a.example/'));
      await new Promise((resolve) => setTimeout(resolve, 10)); // the database, say
      slot.release(ALIVE, 0.5);
    }
    expect(await fill(limiter, 'https://a.example/')).toHaveLength(4);
    const slow = slotOf(await limiter.acquire('https://b.example/'));
    slow.release(ALIVE, 1.5);
    expect(await fill(limiter, 'https://b.example/')).toHaveLength(1);
  });
});

describe('waiting for a slot', () => {
  test('waiting for a slot ends as soon as one is free', async () => {
    const limiter = setup({ waitMs: 60_000 });
    const first = slotOf(await limiter.acquire('https://a.example/'));
    const waiting = limiter.acquire('https://a.example/');
    first.release(ALIVE);
    slotOf(await waiting);
  });

  test('waiting for a slot ends without one after a moment', async () => {
    const limiter = setup({ waitMs: 20 });
    slotOf(await limiter.acquire('https://a.example/'));
    expect(await limiter.acquire('https://a.example/')).toEqual(BUSY);
  });

  test('nobody waits for a slot at an endpoint where an exchange has been running for long', async () => {
    const limiter = setup({ waitMs: 60_000, quickMs: -1 });
    slotOf(await limiter.acquire('https://a.example/'));
    const slot = await limiter.acquire('https://a.example/');
    // It says to retry when that exchange must have ended.
    expect(slot).toEqual({ kind: 'busy', retryAfterMs: expect.any(Number) });
    expect(slot.kind === 'busy' && slot.retryAfterMs > 0 && slot.retryAfterMs <= 10_000).toBe(true);
  });

  test('a bounded number waits for a slot, and the rest are told at once', async () => {
    const limiter = setup({ waitMs: 60_000 });
    const first = slotOf(await limiter.acquire('https://a.example/'));
    const waiting = Array.from({ length: 16 }, () => limiter.acquire('https://a.example/'));
    expect(await limiter.acquire('https://a.example/')).toEqual(BUSY);
    first.release({ kind: 'abandoned' });
    for (const slot of waiting) slotOf(await slot).release({ kind: 'abandoned' });
  });
});

describe('endpoints of one origin', () => {
  const [mine, yours] = ['https://host.example/mine', 'https://host.example/yours'] as const;

  test('what hangs at one path of an origin leaves its other endpoints their slots and their circuits', async () => {
    const limiter = setup();
    for (let time = 0; time < 4; time += 1) slotOf(await limiter.acquire(mine)).release(ALIVE);
    for (let time = 0; time < 3; time += 1) slotOf(await limiter.acquire(yours)).release(DEAD);
    expect([limiter.stateOf(mine), limiter.stateOf(yours)]).toEqual(['closed', 'open']);
    expect(await fill(limiter, mine)).toHaveLength(8);
  });

  test('endpoints of one origin share the connections to it', async () => {
    const limiter = setup();
    for (const url of [mine, yours])
      for (let time = 0; time < 4; time += 1) slotOf(await limiter.acquire(url)).release(ALIVE);
    expect((await fill(limiter, mine)).length + (await fill(limiter, yours)).length).toBe(12);
    slotOf(await limiter.acquire('https://other.example/'));
  });

  test('who waits at an origin gets the next connection that is free, at whichever endpoint', async () => {
    const limiter = setup({ waitMs: 60_000, perOrigin: 1 });
    const first = slotOf(await limiter.acquire(mine));
    const waiting = limiter.acquire(yours);
    first.release(ALIVE);
    slotOf(await waiting);
  });
});

test('while a circuit is open the answer comes from memory, unless it must not', async () => {
  const limiter = setup();
  for (let time = 0; time < 3; time += 1) slotOf(await limiter.acquire('https://a.example/')).release(DEAD);
  expect(limiter.stateOf('https://a.example/')).toBe('open');
  expect(await limiter.acquire('https://a.example/')).toMatchObject({
    kind: 'open',
    memory: expect.stringContaining('timeout'),
  });
  slotOf(await limiter.acquire('https://a.example/', { evenIfOpen: true })).release(ALIVE);
  expect(limiter.stateOf('https://a.example/')).toBe('closed');
});

test('all endpoints together have so many slots', async () => {
  const limiter = setup({ total: 2 });
  const first = slotOf(await limiter.acquire('https://a.example/'));
  slotOf(await limiter.acquire('https://b.example/'));
  expect(await limiter.acquire('https://c.example/')).toEqual(BUSY);
  first.release(ALIVE);
  slotOf(await limiter.acquire('https://c.example/'));
});
