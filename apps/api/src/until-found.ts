import { setTimeout as sleep } from 'node:timers/promises';
import type { Limiter } from '@agent-registry/service-kit';
import type { ApiContext } from './context.ts';

/** Poll interval: the fallback for lost wake-ups, and all there is without LISTEN. */
const POLL_MS = 500;

/** How long a request polls, and for whom. */
export interface LongPoll {
  readonly agentId: string;
  readonly waitMs: number;
  /** Aborted when the caller hangs up. */
  readonly gone: AbortSignal;
  /** What limits it; `outcomePolls` when absent. */
  readonly limiter?: Limiter;
  readonly pollMs?: number;
}

/**
 * A long poll: what `look` finds at once or later, woken under `key`; null when time is up, the caller hangs up or the
 * service stops.
 *
 * @throws RegistryError unavailable when the limiter has no slot.
 */
export async function awaitOutcome<T>(
  { outcomePolls, wakeUps, stopping }: ApiContext,
  { agentId, waitMs, gone, limiter = outcomePolls, ...rest }: LongPoll,
  key: string,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const already = await look();
  if (already !== null || waitMs === 0) return already;
  const signal = AbortSignal.any([gone, stopping]);
  const subscribe = (wake: () => void) => wakeUps?.subscribe(key, wake) ?? (() => undefined);
  return limiter.run(agentId, () => untilFound(look, { timeoutMs: waitMs, signal, subscribe, ...rest }));
}

/**
 * Looks whenever it is woken, and every `pollMs` by itself, until something is found, time is up or `signal` aborts. A look is
 * one read by primary key, so fifty long polls cost less than a few requests a second.
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
