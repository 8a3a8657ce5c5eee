import type { RateLimit } from '@agent-registry/config';
import { type Clock, RATE_CATEGORIES, type RateCategory } from '@agent-registry/schemas';
import type { Logger } from '@agent-registry/service-kit';
import { LRUCache } from 'lru-cache';
import { RateLimiterCompatibleAbstract, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisLink } from '../redis-link.ts';

/** Where a bucket stands after a request asked for a token. */
export interface BucketState {
  readonly category: RateCategory;
  readonly limit: RateLimit;
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until one more token is there; 0 for a full bucket. */
  readonly waitMs: number;
}

export interface RateLimiter {
  readonly limits: Readonly<Record<RateCategory, RateLimit>>;
  /** Takes a token from the bucket of `who` in this category, if one is there. */
  consume(category: RateCategory, who: string): Promise<BucketState>;
}

/** What of the link a limiter uses; it tells the link how its commands fared. */
type SharedRedis = Pick<RedisLink, 'client' | 'answered' | 'failed'>;

/** Token buckets in Redis with an in-process twin for when it is away; the twin alone without Redis. */
export function createRateLimiter(deps: {
  limits: Readonly<Record<RateCategory, RateLimit>>;
  clock: Clock;
  redis: SharedRedis | null;
}): RateLimiter {
  const buckets = new Map(
    RATE_CATEGORIES.map((category) => [category, bucketOf(category, deps.limits[category], deps)]),
  );
  return {
    limits: deps.limits,
    async consume(category, who) {
      const limit = deps.limits[category];
      const answer = await spend(buckets.get(category)!, who, deps.redis);
      const remaining = Math.max(0, limit.capacity - answer.consumedPoints);
      return {
        category,
        limit,
        allowed: answer.consumedPoints <= limit.capacity,
        remaining,
        waitMs: answer.msBeforeNext,
      };
    },
  };
}

interface SharedBucket {
  readonly shared: RateLimiterRedis | null;
  /** Stands in for the shared one while Redis does not answer. */
  readonly twin: MemoryTokenBucket;
}

function bucketOf(
  category: RateCategory,
  limit: RateLimit,
  { clock, redis }: { clock: Clock; redis: SharedRedis | null },
): SharedBucket {
  const twin = new MemoryTokenBucket(limit, clock);
  if (redis === null) return { shared: null, twin };
  const shared = new RateLimiterRedis({
    storeClient: redis.client,
    keyPrefix: `rate:${category}`,
    points: limit.capacity,
    // In microseconds, for the script; the library's own meaning, whole seconds, would round a fast bucket to nothing.
    duration: fillSeconds(limit) * 1_000_000,
    customIncrTtlLuaScript: TOKEN_BUCKET_SCRIPT,
    rejectIfRedisNotReady: true,
  });
  return { shared, twin };
}

async function spend(
  { shared, twin }: SharedBucket,
  who: string,
  redis: SharedRedis | null,
): Promise<RateLimiterRes> {
  if (shared === null || redis === null) return consume(twin, who);
  try {
    const state = await consume(shared, who);
    redis.answered();
    return state;
  } catch (error) {
    redis.failed(error);
    return consume(twin, who);
  }
}

/** A refusal comes as a rejection; here it is an answer like any other. */
async function consume(bucket: MemoryTokenBucket | RateLimiterRedis, who: string): Promise<RateLimiterRes> {
  try {
    return await bucket.consume(who);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  }
}

/** Registrations of an instance, as a multiple of what one address may register. */
const ADDRESSES = 20;
/** The log tells of an empty budget at most this often. */
const TOLD_EVERY_MS = 60_000;

/** Registrations that this instance still takes, whatever addresses they come from. */
export interface RegistrationBudget {
  /** Takes one. 0 when it was there, else how many milliseconds until the next is. */
  consume(): Promise<number>;
}

/**
 * A token bucket behind the addresses' own: addresses are cheap, and each agent brings limits of its own with it. It is the
 * instance's alone, so it holds without Redis too.
 */
export function createRegistrationBudget(deps: {
  perAddress: RateLimit;
  clock: Clock;
  log: Logger;
}): RegistrationBudget {
  const { capacity, refillPerMin } = deps.perAddress;
  const limit = { capacity: capacity * ADDRESSES, refillPerMin: refillPerMin * ADDRESSES };
  const bucket = new MemoryTokenBucket(limit, deps.clock);
  let toldAtMs = Number.NEGATIVE_INFINITY;
  const tell = (): void => {
    const nowMs = deps.clock.now().getTime();
    if (nowMs - toldAtMs < TOLD_EVERY_MS) return;
    toldAtMs = nowMs;
    deps.log.warn({ ...limit }, 'the registration budget of this instance is used up');
  };
  return {
    async consume() {
      try {
        await bucket.consume('instance');
        return 0;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        tell();
        return Math.max(1, refusal.msBeforeNext);
      }
    },
  };
}

/** Buckets kept at once; beyond it they are LRU-evicted. */
const BUCKETS_MAX = 50_000;
/** Additions of fractions of tokens end a hair short of a whole one. */
const HAIR = 1e-9;

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * The in-process insurance of the token bucket in Redis: what stands in for it when it is away, and serves alone without one. The
 * library's own RateLimiterMemory counts in fixed windows, whose Retry-After would not be honest for a bucket that refills.
 */
class MemoryTokenBucket extends RateLimiterCompatibleAbstract {
  // What the library asks of a stand-in; none of it is used.
  override readonly keyPrefix = '';
  override blockDuration = 0;
  override execEvenly = false;
  readonly #buckets = new LRUCache<string, Bucket>({ max: BUCKETS_MAX });
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #perMs: number;

  constructor(limit: RateLimit, clock: Clock) {
    super();
    this.#clock = clock;
    this.#capacity = limit.capacity;
    this.#perMs = limit.refillPerMin / 60_000;
  }

  override consume(key: string | number): Promise<RateLimiterRes> {
    const nowMs = this.#clock.now().getTime();
    const bucket = this.#take(String(key), nowMs);
    const allowed = bucket.tokens + HAIR >= 1;
    if (allowed) bucket.tokens = Math.max(0, bucket.tokens - 1);
    const result = this.#describe(bucket, allowed);
    return allowed ? Promise.resolve(result) : Promise.reject(result);
  }

  #take(key: string, nowMs: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { tokens: this.#capacity, atMs: nowMs };
    if (nowMs > bucket.atMs) {
      bucket.tokens = Math.min(this.#capacity, bucket.tokens + (nowMs - bucket.atMs) * this.#perMs);
      bucket.atMs = nowMs;
    }
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #describe({ tokens }: Bucket, allowed: boolean): RateLimiterRes {
    const whole = Math.floor(tokens + HAIR);
    const waitMs = tokens < this.#capacity ? Math.ceil((whole + 1 - tokens) / this.#perMs) : 0;
    const gone = allowed ? this.#capacity - whole : this.#capacity + 1;
    return new RateLimiterRes(whole, waitMs, gone, false);
  }
}

/** How long an empty bucket takes to fill, seconds. */
export function fillSeconds(limit: RateLimit): number {
  return (limit.capacity * 60) / limit.refillPerMin;
}

/**
 * A token bucket in Redis, by Redis's own clock. One script serves every category, because all limiters on one connection
 * share the command's name: capacity (ARGV[3]) and the microseconds an empty bucket takes to fill (ARGV[4]) come with each
 * call.
 * A token is spent only when one is there. Returns the tokens gone, or capacity + 1 for a refusal, and the milliseconds
 * until one more token is there (0 when the bucket is full).
 */
const TOKEN_BUCKET_SCRIPT = `
local capacity = tonumber(ARGV[3])
local perMs = capacity / (tonumber(ARGV[4]) / 1000)
local cost = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local kept = redis.call('HMGET', KEYS[1], 't', 'at')
local tokens = tonumber(kept[1]) or capacity
local at = tonumber(kept[2]) or now
if now > at then
  tokens = math.min(capacity, tokens + (now - at) * perMs)
  at = now
end
local gone = capacity + 1
if tokens + 1e-9 >= cost then
  tokens = math.max(0, tokens - cost)
  gone = capacity - math.floor(tokens + 1e-9)
end
redis.call('HSET', KEYS[1], 't', string.format('%.9f', tokens), 'at', string.format('%.0f', at))
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - tokens) / perMs) + 1000)
local wait = 0
if tokens < capacity then
  wait = math.ceil((math.floor(tokens + 1e-9) + 1 - tokens) / perMs)
end
return {gone, wait}
`;
