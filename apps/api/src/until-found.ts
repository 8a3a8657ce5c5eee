import { setTimeout as sleep } from 'node:timers/promises';

/** How often whoever waits looks by itself: the net under being woken, and all there is where nobody is woken. */
const POLL_MS = 500;

/**
 * Looks whenever it is woken, and every 500 ms by itself, until something is found, time is up or `signal` aborts. A look is
 * one read by primary key, so fifty waiters cost less than a few requests a second.
 *
 * @param subscribe is given what to call to wake it, and returns what ends that; absent where nobody is woken.
 */
export async function untilFound<T>(
  look: () => Promise<T | null>,
  {
    timeoutMs,
    signal,
    subscribe,
    pollMs = POLL_MS,
  }: {
    timeoutMs: number;
    signal: AbortSignal;
    subscribe?: ((wake: () => void) => () => void) | undefined;
    pollMs?: number;
  },
): Promise<T | null> {
  const endMs = performance.now() + timeoutMs;
  // Woken while it looks, it looks again: what it was woken for may have come after its read.
  let woken = new AbortController();
  const unsubscribe = subscribe?.(() => woken.abort());
  try {
    while (!signal.aborted) {
      woken = new AbortController();
      const found = await look();
      if (found !== null) return found;
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return null;
      const ended = AbortSignal.any([signal, woken.signal]);
      await sleep(Math.min(pollMs, leftMs), undefined, { signal: ended }).catch(() => undefined);
    }
    return null;
  } finally {
    unsubscribe?.();
  }
}
