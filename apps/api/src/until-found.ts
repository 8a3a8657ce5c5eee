import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 500;
const GROWTH = 1.25;

/**
 * Looks again and again, with pauses that grow from 100 to 500 ms, until something is found, time is up or `signal` aborts.
 * A look is one read by primary key, so fifty waiters cost less than a few requests a second.
 */
export async function untilFound<T>(
  look: () => Promise<T | null>,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<T | null> {
  const endMs = performance.now() + timeoutMs;
  for (
    let pauseMs = FIRST_PAUSE_MS;
    !signal.aborted;
    pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)
  ) {
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) return null;
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return null;
    const found = await look();
    if (found !== null) return found;
  }
  return null;
}
