/** Backoff before attempts 2 to 6, in units: 1 s, 5 s, 30 s, 5 min, 30 min at the usual unit of a second. */
export const RETRY_DELAY_UNITS = [1, 5, 30, 300, 1800] as const;

/**
 * When the attempt after `attempt` is due; null when there is none. A `Retry-After` moves it within one and two
 * times the delay.
 *
 * @param attempt the attempt that failed, from 1.
 * @param retryAfterMs what the agent asked for, if it did.
 */
export function nextAttemptAt(input: {
  attempt: number;
  maxAttempts: number;
  unitMs: number;
  now: Date;
  retryAfterMs: number | null;
}): Date | null {
  const units = RETRY_DELAY_UNITS[input.attempt - 1];
  if (units === undefined || input.attempt >= input.maxAttempts) return null;
  const delay = units * input.unitMs;
  const asked = Math.min(Math.max(input.retryAfterMs ?? delay, delay), 2 * delay);
  return new Date(input.now.getTime() + asked);
}

/** How long and how often an endpoint must fail, without one success, before it is disabled. */
export const ENDPOINT_DISABLE_AFTER_MS = 5 * 86_400_000;
export const ENDPOINT_DISABLE_AFTER_FAILURES = 10;

/** Whether an endpoint that has failed since then, so many times, is to be disabled now. */
export function endpointIsDead(input: { failingSince: Date; failures: number; now: Date }): boolean {
  return (
    input.failures >= ENDPOINT_DISABLE_AFTER_FAILURES &&
    input.now.getTime() - input.failingSince.getTime() >= ENDPOINT_DISABLE_AFTER_MS
  );
}
