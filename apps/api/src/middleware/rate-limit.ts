import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import { type RateCategory, RegistryError } from '@agent-registry/schemas';
import type { Response } from 'express';
import type { ApiContext } from '../context.ts';
import { type BucketState, fillSeconds } from './rate-limiter.ts';

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
  admitByBucket(context, res, await context.limiter.consume(category, who));
  if (category !== 'registration') return;
  const waitMs = await context.registrations.consume();
  if (waitMs > 0) throw limited('Too many agents are registering.', waitMs);
}

/** Tells the caller where its bucket stands. @throws RegistryError rate_limited when it was empty. */
export function admitByBucket(context: ApiContext, res: Response, state: BucketState): void {
  setRateHeaders(res, state, context.clock.now());
  if (!state.allowed) throw limited(`The ${state.category} bucket is empty.`, state.waitMs);
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

const MAPPED = /^::ffff:(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i;
const HEADER_CHARS_MAX = 4_096;

/**
 * What an unauthenticated caller is counted by: its IPv4 address, or the /64 of its IPv6 address. Only the entry that the
 * last trusted proxy appended to X-Forwarded-For is believed; whatever the client wrote before it is not read.
 */
export function clientAddress(req: IncomingMessage, trustedProxyHops: number): string {
  return network(forwardedAddress(req, trustedProxyHops) ?? req.socket.remoteAddress ?? 'unknown');
}

function forwardedAddress(req: IncomingMessage, hops: number): string | null {
  const header = req.headers['x-forwarded-for'];
  if (hops === 0 || typeof header !== 'string') return null;
  const entries = header.slice(-HEADER_CHARS_MAX).split(',');
  const entry = entries[entries.length - hops]?.trim() ?? '';
  return isIP(entry) === 0 ? null : entry;
}

function network(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
