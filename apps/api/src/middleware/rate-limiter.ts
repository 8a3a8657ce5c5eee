import type { RateLimit } from '@agent-registry/config';
import { type Clock, RATE_CATEGORIES, type RateCategory } from '@agent-registry/schemas';
import type { Logger } from '@agent-registry/service-kit';
import { LRUCache } from 'lru-cache';
import { RateLimiterCompatibleAbstract, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisLink } from '../redis-link.ts';
import { TOKEN_BUCKET_SCRIPT } from './token-bucket-script.ts';

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
  /** The same bucket for a script of Redis that takes the token itself, together with what else it does. */
  bucketInRedis(category: RateCategory, who: string): RedisBucket;
}

/** A bucket as `TAKE_TOKEN_LUA` takes it. */
export interface RedisBucket {
  readonly key: string;
  readonly capacity: number;
  /** How long an empty one takes to fill, microseconds. */
  readonly fillMicros: number;
  /** What the script's answer says. */
  readonly stateOf: (answer: { gone: number; waitMs: number }) => BucketState;
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
      const answer = await spend(buckets.get(category)!, who, deps.redis);
      return stateOf(category, deps.limits[category], answer.consumedPoints, answer.msBeforeNext);
    },
    bucketInRedis(category, who) {
      const limit = deps.limits[category];
      return {
        key: `${prefixOf(category)}:${who}`,
        capacity: limit.capacity,
        fillMicros: fillMicros(limit),
        stateOf: ({ gone, waitMs }) => stateOf(category, limit, gone, waitMs),
      };
    },
  };
}

/** @param gone how many tokens a bucket lacks; more than its capacity for a refusal. */
function stateOf(category: RateCategory, limit: RateLimit, gone: number, waitMs: number): BucketState {
  return {
    category,
    limit,
    allowed: gone <= limit.capacity,
    remaining: Math.max(0, limit.capacity - gone),
    waitMs,
  };
}

function prefixOf(category: RateCategory): string {
  return `rate:${category}`;
}

/** In microseconds, for the script; the library's own meaning, whole seconds, would round a fast bucket to nothing. */
function fillMicros(limit: RateLimit): number {
  return fillSeconds(limit) * 1_000_000;
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
    keyPrefix: prefixOf(category),
    points: limit.capacity,
    duration: fillMicros(limit),
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
