import { setTimeout as delay } from 'node:timers/promises';

const firstPauseMs = 5;
const longestPauseMs = 100;
const UNTIL_MS = 15_000;

/**
 * Waits until the condition holds, asking more and more rarely, and says whether it did within the limit.
 * For what the operating system gives no event for: another process's end, a port that opens.
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  limits: { timeoutMs: number; signal?: AbortSignal },
): Promise<boolean> {
  const deadline = performance.now() + limits.timeoutMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (await condition()) return true;
    if (performance.now() >= deadline || limits.signal?.aborted) return false;
    await delay(pauseMs);
  }
}

/** Waits until the condition holds; throws after 15 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await waitUntil(condition, { timeoutMs: UNTIL_MS }))) throw new Error('waited in vain');
}
