import type { RateLimit } from '@agent-registry/config';
import type { Clock } from '@agent-registry/schemas';
import type { Logger } from '@agent-registry/service-kit';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { MemoryTokenBucket } from './memory-bucket.ts';

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
