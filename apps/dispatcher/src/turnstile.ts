import {
  type BreakerState,
  type GateDecision,
  type GateOutcome,
  targetOf as originOf,
  type TargetGate,
} from '@agent-registry/outbound';

/** A turn at an endpoint: go on and say how it ended, be answered from memory, or come back later. */
export type Turn =
  | Admission
  | Extract<GateDecision, { kind: 'open' }>
  /** There is no place, and before so many milliseconds there hardly will be. */
  | { readonly kind: 'busy'; readonly comeBackMs: number };

export interface Admission {
  readonly kind: 'admitted';
  readonly probe: boolean;
  /** `tookMs`: how long the endpoint itself took, of all the time since it was entered; default all of it. */
  readonly leave: (outcome: GateOutcome, tookMs?: number) => void;
}

export interface Turnstile {
  /** Asks for one exchange with an endpoint; waits a moment for a place when it does not hang. */
  enter(url: string, options?: { evenIfOpen?: boolean }): Promise<Turn>;
  stateOf(url: string): BreakerState;
}

export interface TurnstileOptions {
  /** Exchanges at once that a quick endpoint may have. */
  readonly most: number;
  /** Exchanges at once with all endpoints of one origin (scheme, host, port). */
  readonly perOrigin: number;
  /** How long one waits for a place; twice as long at an endpoint that has been quick. Default 500 ms. */
  readonly waitMs?: number;
  /** An exchange that takes longer earns its endpoint nothing. Default 1,000 ms. */
  readonly quickMs?: number;
  /** The longest an exchange can take. Default 10,000 ms. */
  readonly exchangeMs?: number;
}

const MAX_ENDPOINTS = 10_000;
/** Who waits for a place at once, at most: at an endpoint that nothing is known of, and at one that has been quick. */
const WAITERS_AT_UNKNOWN = 16;
const WAITERS_AT_QUICK = 64;

type Decision = Admission | Exclude<GateDecision, { kind: 'admitted' }>;

interface Endpoint {
  /** Exchanges it may have at once now: 1 at first, doubled by each quick answer, back to 1 without one. */
  allowance: number;
  /** When each exchange under way began, the oldest first. */
  readonly running: Set<number>;
  waiting: number;
}

interface Origin {
  running: number;
  /** Those who wait for a place at one of its endpoints, in the order they came: each tries once more when called. */
  readonly waiters: Set<() => void>;
}

/**
 * Fairness on top of the gate: an endpoint earns places by quick answers, so a new or a dead one never holds more than one
 * of the queue's, and a slow one few. The bounds of the gate, and its breaker, stand above. All of it goes by the whole
 * URL: agents that share a host must not suffer from each other's endpoints, least of all from one that a stranger
 * registered at a path of theirs that hangs. Only the number of connections is bounded by origin.
 */
export function createTurnstile(gate: TargetGate, options: TurnstileOptions): Turnstile {
  const { most, perOrigin, waitMs = 500, quickMs = 1_000, exchangeMs = 10_000 } = options;
  const endpoints = new Map<string, Endpoint>();
  const origins = new Map<string, Origin>();

  const tryEnter = (url: string, endpoint: Endpoint, evenIfOpen: boolean): Decision => {
    const asksTheEndpoint = evenIfOpen || gate.stateOf(url) === 'closed';
    const origin = entryOf(origins, originOf(url), freshOrigin);
    const isFull = endpoint.running.size >= endpoint.allowance || origin.running >= perOrigin;
    if (asksTheEndpoint && isFull) return { kind: 'busy', bound: 'target' };
    const decision = gate.enter(url, { evenIfOpen });
    if (decision.kind !== 'admitted') return decision;
    const startedAt = uniqueMark(endpoint.running, performance.now());
    endpoint.running.add(startedAt);
    origin.running += 1;
    const leave: Admission['leave'] = (outcome, tookMs = performance.now() - startedAt) => {
      if (!endpoint.running.delete(startedAt)) return;
      origin.running -= 1;
      decision.leave(outcome);
      endpoint.allowance = nextAllowance(endpoint.allowance, outcome, tookMs <= quickMs, most);
      for (const tryAgain of origin.waiters) {
        if (origin.running >= perOrigin) break;
        tryAgain();
      }
      if (origin.running === 0 && origin.waiters.size === 0) origins.delete(originOf(url));
    };
    return { ...decision, leave };
  };

  /** Whether waiting may help: null, or in how many milliseconds it is worth coming back. */
  const whenToComeBack = (endpoint: Endpoint, bound: 'target' | 'total'): number | null => {
    const longestMs = longestRun(endpoint);
    if (longestMs > quickMs) return Math.max(exchangeMs - longestMs, 0);
    const waitersMax = endpoint.allowance > 1 ? WAITERS_AT_QUICK : WAITERS_AT_UNKNOWN;
    return bound === 'total' || waitMs <= 0 || endpoint.waiting >= waitersMax ? 0 : null;
  };

  return {
    stateOf: (url) => gate.stateOf(url),
    async enter(url, { evenIfOpen = false } = {}) {
      const endpoint = entryOf(endpoints, url, freshEndpoint);
      if (endpoints.size > MAX_ENDPOINTS) forgetIdle(endpoints);
      const turn = tryEnter(url, endpoint, evenIfOpen);
      if (turn.kind !== 'busy') return turn;
      const comeBackMs = whenToComeBack(endpoint, turn.bound);
      if (comeBackMs !== null) return { kind: 'busy', comeBackMs };
      endpoint.waiting += 1;
      const { waiters } = entryOf(origins, originOf(url), freshOrigin);
      const patienceMs = endpoint.allowance > 1 ? 2 * waitMs : waitMs;
      const waited = await waitFor(waiters, patienceMs, () => {
        const again = tryEnter(url, endpoint, evenIfOpen);
        return again.kind === 'busy' ? null : again;
      });
      endpoint.waiting -= 1;
      return waited ?? { kind: 'busy', comeBackMs: whenToComeBack(endpoint, 'target') ?? 0 };
    },
  };
}

const freshEndpoint = (): Endpoint => ({ allowance: 1, running: new Set(), waiting: 0 });
const freshOrigin = (): Origin => ({ running: 0, waiters: new Set() });

/** The entry of a map, put at its young end, made where there is none. */
function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const entry = map.get(key) ?? make();
  map.delete(key);
  map.set(key, entry);
  return entry;
}

function nextAllowance(allowance: number, outcome: GateOutcome, isQuick: boolean, most: number): number {
  if (outcome.kind === 'abandoned') return allowance;
  if (outcome.kind === 'no-answer') return 1;
  return isQuick ? Math.min(allowance * 2, most) : Math.max(1, Math.floor(allowance / 2));
}

/** For how long the oldest exchange under way has been running; 0 without one. */
function longestRun({ running }: Endpoint): number {
  const [first] = running;
  return first === undefined ? 0 : performance.now() - first;
}

function uniqueMark(taken: ReadonlySet<number>, startedAt: number): number {
  let mark = startedAt;
  while (taken.has(mark)) mark += 1e-6;
  return mark;
}

/** Calls `attempt` whenever somebody leaves, until it gives something or the time is over. */
function waitFor<T>(
  waiters: Origin['waiters'],
  timeoutMs: number,
  attempt: () => T | null,
): Promise<T | null> {
  return new Promise((resolve) => {
    const end = (result: T | null): void => {
      clearTimeout(timer);
      waiters.delete(tryAgain);
      resolve(result);
    };
    const tryAgain = (): void => {
      const result = attempt();
      if (result !== null) end(result);
    };
    const timer = setTimeout(() => end(null), timeoutMs);
    waiters.add(tryAgain);
  });
}

function forgetIdle(endpoints: Map<string, Endpoint>): void {
  for (const [url, endpoint] of endpoints) {
    if (endpoint.running.size > 0 || endpoint.waiting > 0) continue;
    endpoints.delete(url);
    return;
  }
}
