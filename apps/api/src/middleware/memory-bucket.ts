import type { RateLimit } from '@agent-registry/config';
import type { Clock } from '@agent-registry/schemas';
import { LRUCache } from 'lru-cache';
import { RateLimiterCompatibleAbstract, RateLimiterRes } from 'rate-limiter-flexible';

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
export class MemoryTokenBucket extends RateLimiterCompatibleAbstract {
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
