import { z } from 'zod';
import { integer } from './variables.ts';

/** A token bucket: how many requests may come at once, and how many are refilled each minute. */
export interface RateLimit {
  capacity: number;
  refillPerMin: number;
}

const tokens = (fallback: number) => integer(1, 1_000_000).default(fallback);

export const rateLimits = z
  .object({
    RATE_LIMIT_DISCOVERY_CAPACITY: tokens(60),
    RATE_LIMIT_DISCOVERY_REFILL_PER_MIN: tokens(20),
    RATE_LIMIT_READ_CAPACITY: tokens(120),
    RATE_LIMIT_READ_REFILL_PER_MIN: tokens(60),
    RATE_LIMIT_WRITE_CAPACITY: tokens(30),
    RATE_LIMIT_WRITE_REFILL_PER_MIN: tokens(10),
    RATE_LIMIT_JOB_CAPACITY: tokens(120),
    RATE_LIMIT_JOB_REFILL_PER_MIN: tokens(60),
    RATE_LIMIT_REGISTRATION_CAPACITY: tokens(5),
    RATE_LIMIT_REGISTRATION_REFILL_PER_MIN: tokens(2),
    RATE_LIMIT_LOG_CAPACITY: tokens(600),
    RATE_LIMIT_LOG_REFILL_PER_MIN: tokens(600),
  })
  .transform(
    (env): Record<'discovery' | 'read' | 'write' | 'job' | 'registration' | 'log', RateLimit> => ({
      discovery: {
        capacity: env.RATE_LIMIT_DISCOVERY_CAPACITY,
        refillPerMin: env.RATE_LIMIT_DISCOVERY_REFILL_PER_MIN,
      },
      read: { capacity: env.RATE_LIMIT_READ_CAPACITY, refillPerMin: env.RATE_LIMIT_READ_REFILL_PER_MIN },
      write: { capacity: env.RATE_LIMIT_WRITE_CAPACITY, refillPerMin: env.RATE_LIMIT_WRITE_REFILL_PER_MIN },
      job: { capacity: env.RATE_LIMIT_JOB_CAPACITY, refillPerMin: env.RATE_LIMIT_JOB_REFILL_PER_MIN },
      registration: {
        capacity: env.RATE_LIMIT_REGISTRATION_CAPACITY,
        refillPerMin: env.RATE_LIMIT_REGISTRATION_REFILL_PER_MIN,
      },
      log: { capacity: env.RATE_LIMIT_LOG_CAPACITY, refillPerMin: env.RATE_LIMIT_LOG_REFILL_PER_MIN },
    }),
  );
