import type { Clock } from '@agent-registry/schemas';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createTestClock } from '../../test/test-clock.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';

const LIMITS = {
  discovery: { capacity: 60, refillPerMin: 20 },
  read: { capacity: 3, refillPerMin: 60 },
  write: { capacity: 1, refillPerMin: 1_000_000 },
  job: { capacity: 120, refillPerMin: 60 },
  registration: { capacity: 2, refillPerMin: 7 },
  log: { capacity: 600, refillPerMin: 600 },
};

async function drain(limiter: RateLimiter, category: 'read' | 'registration', who: string) {
  const states = [];
  for (let take = 0; take <= LIMITS[category].capacity; take += 1) {
    states.push(await limiter.consume(category, who));
  }
  return states.map(({ allowed, remaining }) => [allowed, remaining]);
}

describe('in process', () => {
  const clock = createTestClock();
  const limiter = createRateLimiter({ limits: LIMITS, clock, redis: null });

  test('a bucket gives its capacity at once, and a refusal costs nothing', async () => {
    expect(await drain(limiter, 'read', 'a')).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
    clock.advance(1_000);
    expect(await limiter.consume('read', 'a')).toMatchObject({ allowed: true, remaining: 0, waitMs: 1_000 });
  });

  test('a wait that is honoured is enough, whatever the rate', async () => {
    await drain(limiter, 'registration', 'a');
    for (let round = 0; round < 50; round += 1) {
      const refused = await limiter.consume('registration', 'a');
      expect(refused.allowed).toBe(false);
      clock.advance(refused.waitMs);
      expect((await limiter.consume('registration', 'a')).allowed).toBe(true);
    }
  });

  test('a clock set back takes nothing away and gives nothing', async () => {
    await drain(limiter, 'read', 'b');
    clock.advance(-60_000);
    expect((await limiter.consume('read', 'b')).allowed).toBe(false);
  });
});

const linkTo = (client: Redis) => ({ client, answered: () => {}, failed: () => {} });

// Where there is no redis-server, the tests' own startup found none either.
const withRedis = process.env.TEST_REDIS_URL === undefined ? describe.skip : describe;

withRedis('in Redis', () => {
  const real: Clock = createTestClock();
  let redis: Redis;
  let limiter: RateLimiter;
  beforeAll(() => {
    redis = new Redis(process.env.TEST_REDIS_URL ?? '');
    limiter = createRateLimiter({ limits: LIMITS, clock: real, redis: linkTo(redis) });
  });
  afterAll(() => redis.quit());
  const who = () => `test:${Math.random()}`;

  test('the categories share a connection and keep their own sizes', async () => {
    await redis.ping();
    const me = who();
    expect((await limiter.consume('discovery', me)).remaining).toBe(59);
    expect((await limiter.consume('read', me)).remaining).toBe(2);
    expect((await limiter.consume('job', me)).remaining).toBe(119);
    expect((await limiter.consume('registration', me)).remaining).toBe(1);
  });

  test('a bucket in Redis gives what its twin in process gives', async () => {
    expect(await drain(limiter, 'registration', who())).toEqual([
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
  });

  test('two instances share a bucket', async () => {
    const me = who();
    const other = createRateLimiter({ limits: LIMITS, clock: real, redis: linkTo(redis) });
    await Promise.all([limiter.consume('registration', me), other.consume('registration', me)]);
    expect((await limiter.consume('registration', me)).allowed).toBe(false);
  });

  test('a refusal says how long until a token is there, and spends none', async () => {
    const me = who();
    await drain(limiter, 'registration', me);
    const first = await limiter.consume('registration', me);
    expect(first.waitMs).toBeGreaterThan(0);
    expect(first.waitMs).toBeLessThanOrEqual(Math.ceil(60_000 / 7));
    const second = await limiter.consume('registration', me);
    expect(second.waitMs).toBeLessThanOrEqual(first.waitMs);
  });

  test('a bucket that fills in less than a second is still a bucket', async () => {
    expect((await limiter.consume('write', who())).allowed).toBe(true);
  });

  test('buckets are forgotten once they are full again', async () => {
    const me = who();
    await limiter.consume('read', me);
    const ttl = await redis.pttl(`rate:read:${me}`);
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(2_000);
  });
});
