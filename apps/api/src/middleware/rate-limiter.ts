import type { RateLimit } from '@agent-registry/config';
import { type Clock, RATE_CATEGORIES, type RateCategory } from '@agent-registry/schemas';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisLink } from '../redis-link.ts';
import { fillSeconds, MemoryTokenBucket } from './memory-bucket.ts';
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

interface Bucket {
  readonly shared: RateLimiterRedis | null;
  /** Stands in for the shared one while Redis does not answer. */
  readonly twin: MemoryTokenBucket;
}

function bucketOf(
  category: RateCategory,
  limit: RateLimit,
  { clock, redis }: { clock: Clock; redis: SharedRedis | null },
): Bucket {
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
  { shared, twin }: Bucket,
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
