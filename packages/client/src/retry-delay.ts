const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 10_000;
/** A registry that asks for more than this is not waited for: the caller hears of it instead. */
const LONGEST_RETRY_AFTER_SECONDS = 60;
/** Clients that were refused together shall not return together. */
const SPREAD_MS = 250;

/**
 * Milliseconds before retry `n` (from 0): what the registry asked for and a little more, else a random part, no less than half,
 * of a bound that doubles from 200 ms to 10 s. Null when it asked for more than a minute.
 */
export function retryDelayMs(n: number, retryAfterSeconds: number | null, random: number): number | null {
  if (retryAfterSeconds !== null) {
    if (retryAfterSeconds > LONGEST_RETRY_AFTER_SECONDS) return null;
    return retryAfterSeconds * 1000 + random * SPREAD_MS;
  }
  const bound = Math.min(FIRST_DELAY_MS * 2 ** Math.min(n, 30), LONGEST_DELAY_MS);
  return bound / 2 + (bound / 2) * random;
}
