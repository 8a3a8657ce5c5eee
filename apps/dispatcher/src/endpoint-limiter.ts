import type { BreakerState, CircuitBreaker, ExchangeOutcome, OpenCircuit } from '@agent-registry/outbound';
import { LRUCache } from 'lru-cache';

/** A slot for one exchange with an endpoint. */
export interface EndpointSlot {
  readonly kind: 'acquired';
  readonly probe: boolean;
  /** `tookMs`: how long the endpoint itself took, of all the time since the slot was acquired; default all of it. */
  readonly release: (outcome: ExchangeOutcome, tookMs?: number) => void;
}

/** What acquiring gives: a slot, the last failure where the circuit is open, or how long to wait before a retry is worth it. */
export type Acquired = EndpointSlot | OpenCircuit | { readonly kind: 'busy'; readonly retryAfterMs: number };

export interface EndpointLimiter {
  /**
   * Acquires a slot; waits briefly for one unless the endpoint hangs. `evenIfOpen` probes an endpoint whose circuit is open, for
   * what must really be sent.
   */
  acquire(url: string, options?: { evenIfOpen?: boolean }): Promise<Acquired>;
  stateOf(url: string): BreakerState;
}

export interface EndpointLimiterOptions {
  /** The most slots that an endpoint can earn. */
  readonly perEndpoint: number;
  /** Exchanges at once with all endpoints of one origin (scheme, host, port). */
  readonly perOrigin: number;
  readonly total: number;
  /** How long one waits for a slot; twice as long at an endpoint that has been quick. Default 500 ms. */
  readonly waitMs?: number;
  /** An exchange that takes longer earns its endpoint nothing. Default 1,000 ms. */
  readonly quickMs?: number;
  /** The longest an exchange can take. Default 10,000 ms. */
  readonly exchangeMs?: number;
}

const MAX_ENDPOINTS = 10_000;
/** Waiters at most: at an endpoint that nothing is known of, and at one that has been quick. */
const QUEUE_MAX_UNKNOWN = 16;
const QUEUE_MAX_QUICK = 64;

interface Endpoint {
  /** Adaptive limit: 1 at first, doubled by a quick answer, halved by a slow one, 1 again after no answer. */
  allowance: number;
  /** The exchanges under way, the oldest first. */
  readonly running: Set<{ readonly startedAt: number }>;
  waiting: number;
}

interface Origin {
  running: number;
  /** Waiters for a slot at one of its endpoints, in order of arrival: each retries when called. */
  readonly queue: Set<() => void>;
}

/**
 * Endpoint limiter: an adaptive concurrency limit per endpoint. A new or dead endpoint has one slot, a slow one few, so neither
 * starves the others. Keyed by the whole URL: agents that share a host must not suffer from each other's endpoints, nor from one
 * that a stranger registered under their host and that hangs. Only connections are bounded by origin.
 */
export function createEndpointLimiter(
  breaker: CircuitBreaker,
  options: EndpointLimiterOptions,
): EndpointLimiter {
  const { perEndpoint, perOrigin, total, waitMs = 500, quickMs = 1_000, exchangeMs = 10_000 } = options;
  const endpoints = new LRUCache<string, Endpoint>({ max: MAX_ENDPOINTS });
  const origins = new Map<string, Origin>();
  let running = 0;

  const endpointOf = (url: string): Endpoint => {
    const endpoint = endpoints.get(url) ?? { allowance: 1, running: new Set(), waiting: 0 };
    endpoints.set(url, endpoint);
    return endpoint;
  };
  const originOf = (url: string): Origin => origins.get(originName(url)) ?? { running: 0, queue: new Set() };
  /** Drops an origin once nothing runs or waits there. */
  const keep = (url: string, origin: Origin): void => {
    if (origin.running === 0 && origin.queue.size === 0) origins.delete(originName(url));
    else origins.set(originName(url), origin);
  };
  const take = (url: string, endpoint: Endpoint, origin: Origin): EndpointSlot => {
    const { probe, settle } = breaker.begin(url);
    const exchange = { startedAt: performance.now() };
    endpoint.running.add(exchange);
    origin.running += 1;
    running += 1;
    keep(url, origin);
    const release: EndpointSlot['release'] = (outcome, tookMs = performance.now() - exchange.startedAt) => {
      if (!endpoint.running.delete(exchange)) return;
      origin.running -= 1;
      running -= 1;
      settle(outcome);
      endpoint.allowance = nextAllowance(endpoint.allowance, outcome, tookMs <= quickMs, perEndpoint);
      for (const retry of origin.queue) {
        if (origin.running >= perOrigin) break;
        retry();
      }
      keep(url, origin);
    };
    return { kind: 'acquired', probe, release };
  };
  const tryAcquire = (
    url: string,
    endpoint: Endpoint,
    evenIfOpen: boolean,
  ): EndpointSlot | OpenCircuit | 'endpoint is busy' | 'all is busy' => {
    const origin = originOf(url);
    // A due probe needs no slot: the circuit breaker lets one through at a time.
    const needsSlot = evenIfOpen || breaker.stateOf(url) === 'closed';
    const isFull = endpoint.running.size >= endpoint.allowance || origin.running >= perOrigin;
    if (needsSlot && isFull) return 'endpoint is busy';
    const open = evenIfOpen ? null : breaker.recall(url);
    if (open !== null) return open;
    if (running >= total) return 'all is busy';
    return endpoint.running.size >= perEndpoint ? 'endpoint is busy' : take(url, endpoint, origin);
  };
  /** In how many milliseconds a retry is worth it; null where waiting for a slot may help. */
  const retryAfter = (endpoint: Endpoint, isAllBusy: boolean): number | null => {
    const longestMs = longestRun(endpoint);
    if (longestMs > quickMs) return Math.max(exchangeMs - longestMs, 0);
    const queueMax = endpoint.allowance > 1 ? QUEUE_MAX_QUICK : QUEUE_MAX_UNKNOWN;
    return isAllBusy || waitMs <= 0 || endpoint.waiting >= queueMax ? 0 : null;
  };

  return {
    stateOf: (url) => breaker.stateOf(url),
    async acquire(url, { evenIfOpen = false } = {}) {
      const endpoint = endpointOf(url);
      const now = tryAcquire(url, endpoint, evenIfOpen);
      if (typeof now !== 'string') return now;
      const retryAfterMs = retryAfter(endpoint, now === 'all is busy');
      if (retryAfterMs !== null) return { kind: 'busy', retryAfterMs };
      endpoint.waiting += 1;
      const patienceMs = endpoint.allowance > 1 ? 2 * waitMs : waitMs;
      const origin = originOf(url);
      const waiting = waitFor(origin.queue, patienceMs, () => {
        const acquired = tryAcquire(url, endpoint, evenIfOpen);
        return typeof acquired === 'string' ? null : acquired;
      });
      keep(url, origin);
      const waited = await waiting;
      endpoint.waiting -= 1;
      keep(url, origin);
      return waited ?? { kind: 'busy', retryAfterMs: retryAfter(endpoint, false) ?? 0 };
    },
  };
}

function originName(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

function nextAllowance(allowance: number, outcome: ExchangeOutcome, isQuick: boolean, most: number): number {
  if (outcome.kind === 'abandoned') return allowance;
  if (outcome.kind === 'no-answer') return 1;
  return isQuick ? Math.min(allowance * 2, most) : Math.max(1, Math.floor(allowance / 2));
}

/** For how long the oldest exchange under way has been running; 0 without one. */
function longestRun({ running }: Endpoint): number {
  const [first] = running;
  return first === undefined ? 0 : performance.now() - first.startedAt;
}

/** Calls `attempt` whenever a slot is released, until it gives something; null after the timeout. */
function waitFor<T>(queue: Set<() => void>, timeoutMs: number, attempt: () => T | null): Promise<T | null> {
  return new Promise((resolve) => {
    const end = (result: T | null): void => {
      clearTimeout(timer);
      queue.delete(retry);
      resolve(result);
    };
    const retry = (): void => {
      const result = attempt();
      if (result !== null) end(result);
    };
    const timer = setTimeout(() => end(null), timeoutMs);
    queue.add(retry);
  });
}
