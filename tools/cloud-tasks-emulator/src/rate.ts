// How fast a queue may dispatch: the token bucket of its configuration, narrowed by system throttling.

/**
 * System throttling slows a whole queue whose target is in trouble. Google does not publish its formula; this one is
 * a pure function of what the target answered of late, so it needs no timers and recovers by itself:
 *
 *   attempts, errors and overloads are counted with an exponential decay of time constant THROTTLE_WINDOW_MS;
 *   an error is anything but 2xx (no answer included), an overload is 429 or 503;
 *   health(bad) = (attempts − bad + CREDIT) / (attempts + CREDIT)
 *   factor = clamp(min(2 × health(errors), 1.25 × health(overloads)), MIN_FACTOR, 1)
 *   effective rate = maxDispatchesPerSecond × factor
 *
 * So a queue slows once more than half of its attempts fail, or once more than a fifth are answered 429 or 503, and
 * a handful of failures on a quiet queue changes nothing.
 */
const THROTTLE_WINDOW_MS = 10_000;
const THROTTLE_CREDIT = 10;
export const THROTTLE_MIN_FACTOR = 0.02;
const ERROR_TOLERANCE = 2;
const OVERLOAD_TOLERANCE = 1.25;

export type AttemptKind = 'success' | 'error' | 'overload';

export interface ThrottleState {
  readonly factor: number;
  /** Decayed counts, as the formula sees them. */
  readonly attempts: number;
  readonly errors: number;
  readonly overloads: number;
}

export interface Throttle {
  record(kind: AttemptKind, nowMs: number): void;
  state(nowMs: number): ThrottleState;
}

const throttleFactor = (counts: Omit<ThrottleState, 'factor'>): number => {
  const health = (bad: number) =>
    (counts.attempts - bad + THROTTLE_CREDIT) / (counts.attempts + THROTTLE_CREDIT);
  const allowed = Math.min(
    ERROR_TOLERANCE * health(counts.errors),
    OVERLOAD_TOLERANCE * health(counts.overloads),
  );
  return Math.min(1, Math.max(THROTTLE_MIN_FACTOR, allowed));
};

export const createThrottle = (enabled = true): Throttle => {
  let counts = { attempts: 0, errors: 0, overloads: 0 };
  let updatedMs = 0;
  const decay = (nowMs: number) => {
    const kept = Math.exp(-Math.max(0, nowMs - updatedMs) / THROTTLE_WINDOW_MS);
    updatedMs = nowMs;
    counts = {
      attempts: counts.attempts * kept,
      errors: counts.errors * kept,
      overloads: counts.overloads * kept,
    };
  };
  return {
    record: (kind, nowMs) => {
      decay(nowMs);
      counts.attempts += 1;
      if (kind !== 'success') counts.errors += 1;
      if (kind === 'overload') counts.overloads += 1;
    },
    state: (nowMs) => {
      decay(nowMs);
      return { factor: enabled ? throttleFactor(counts) : 1, ...counts };
    },
  };
};

export interface TokenBucket {
  /** Spends one token if one is there. */
  take(nowMs: number, ratePerSecond: number, burst: number): boolean;
  /** Milliseconds until a token will be there at this rate; 0 when one is. */
  waitMs(nowMs: number, ratePerSecond: number, burst: number): number;
}

/** A bucket that starts full. Rate and burst are given at each call because both may change while it runs. */
export const createTokenBucket = (): TokenBucket => {
  let tokens = Number.POSITIVE_INFINITY;
  let updatedMs = 0;
  const refill = (nowMs: number, ratePerSecond: number, burst: number) => {
    tokens = Math.min(burst, tokens + (Math.max(0, nowMs - updatedMs) * ratePerSecond) / 1000);
    updatedMs = nowMs;
  };
  // A token a whole timer tick early is still early, so only the noise of floating point is forgiven.
  const EPSILON = 1e-9;
  return {
    take: (nowMs, ratePerSecond, burst) => {
      refill(nowMs, ratePerSecond, burst);
      if (tokens < 1 - EPSILON) return false;
      tokens = Math.max(0, tokens - 1);
      return true;
    },
    waitMs: (nowMs, ratePerSecond, burst) => {
      refill(nowMs, ratePerSecond, burst);
      return tokens >= 1 - EPSILON ? 0 : ((1 - tokens) * 1000) / ratePerSecond;
    },
  };
};
