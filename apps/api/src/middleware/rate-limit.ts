import { type RateCategory, RegistryError } from '@agent-registry/schemas';
import type { Response } from 'express';
import type { ApiContext } from '../context.ts';
import { fillSeconds } from './memory-bucket.ts';
import type { BucketState } from './rate-limiter.ts';

/**
 * Counts a request and tells the caller where it stands; a registration also counts against the instance's budget.
 *
 * @param who `ip:…` or `agent:…`
 * @throws RegistryError rate_limited, with a wait after which one more request is let through.
 */
export async function limitRate(
  context: ApiContext,
  res: Response,
  category: RateCategory,
  who: string,
): Promise<void> {
  const state = await context.limiter.consume(category, who);
  setRateHeaders(res, state, context.clock.now());
  if (!state.allowed) throw limited(`The ${category} bucket is empty.`, state.waitMs);
  if (category !== 'registration') return;
  const waitMs = await context.registrations.consume();
  if (waitMs > 0) throw limited('Too many agents are registering.', waitMs);
}

function limited(detail: string, waitMs: number): RegistryError {
  return new RegistryError('rate_limited', detail, {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
  });
}

interface HeaderSink {
  setHeader(name: string, value: string | number): unknown;
}

/** What an answer that was not counted says: the bucket's size, and that nothing was taken from it. */
export function setUncountedHeaders(context: Pick<ApiContext, 'limiter' | 'clock'>, res: HeaderSink): void {
  const limit = context.limiter.limits.read;
  const state: BucketState = { category: 'read', limit, allowed: true, remaining: limit.capacity, waitMs: 0 };
  setRateHeaders(res, state, context.clock.now());
}

export function hasRateHeaders(res: Response): boolean {
  return res.hasHeader('X-RateLimit-Limit');
}

function setRateHeaders(res: HeaderSink, state: BucketState, now: Date): void {
  const { category, limit, remaining } = state;
  const waitSeconds = Math.ceil(state.waitMs / 1_000);
  const window = Math.ceil(fillSeconds(limit));
  res.setHeader('X-RateLimit-Limit', limit.capacity);
  res.setHeader('X-RateLimit-Remaining', remaining);
  res.setHeader('X-RateLimit-Reset', Math.ceil((now.getTime() + state.waitMs) / 1_000));
  res.setHeader('RateLimit-Policy', `"${category}";q=${limit.capacity};w=${window}`);
  res.setHeader('RateLimit', `"${category}";r=${remaining};t=${waitSeconds}`);
}
