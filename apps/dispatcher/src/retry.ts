import { setTimeout as delay } from 'node:timers/promises';
import { isDatabaseDown, isDataRefused } from '@agent-registry/db';

/** Backoff between tries. */
const DELAYS_MS = [100, 200, 400, 800, 1_600, 2_400] as const;
/** No try begins later, so that the last one ends before the lease of the attempt does. */
const TRIES_MS = 7_000;

/**
 * Retries work with backoff while the database is down, for some seconds in all. For recording the outcome of an exchange or a
 * run, which would be repeated if the outcome were lost.
 *
 * @param instead what is done when the database refuses the data, such as the same without what strangers wrote.
 */
export async function retry<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  instead?: () => Promise<T>,
): Promise<T> {
  try {
    return await withBackoff(work, signal);
  } catch (error) {
    if (instead === undefined || !isDataRefused(error)) throw error;
    return withBackoff(instead, signal);
  }
}

async function withBackoff<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const startedAt = performance.now();
  for (const delayMs of DELAYS_MS) {
    try {
      return await work();
    } catch (error) {
      const isLate = performance.now() - startedAt + delayMs > TRIES_MS;
      if (!isDatabaseDown(error) || signal.aborted || isLate) throw error;
    }
    await delay(delayMs);
  }
  return work();
}
