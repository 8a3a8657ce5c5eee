import { commit, type Op, RUN_LEASE_MS, renewLease } from '@agent-registry/operations';
import type { DispatcherContext } from '../context.ts';

const BEATS_PER_HOLD = 3;

/** Does `work` and says all the while that the run's holder is alive, until the lease has run its full length. */
export function whileHolding<T>(
  context: DispatcherContext,
  held: { runId: string; token: string },
  work: () => Promise<T>,
): Promise<T> {
  return withHeartbeat(context, (op) => renewLease(op, held), work);
}

/** Does `work` and renews a lease of 45 s all the while, for as long as a verification may take at most. */
export async function withHeartbeat<T>(
  context: DispatcherContext,
  renew: (op: Op) => Promise<unknown>,
  work: () => Promise<T>,
): Promise<T> {
  const beats =
    Math.floor((context.config.verification.leaseMs * BEATS_PER_HOLD) / RUN_LEASE_MS) - BEATS_PER_HOLD;
  let left = beats;
  const beat = (): void => {
    left -= 1;
    if (left <= 0) clearInterval(timer);
    commit(context, renew).catch((error: unknown) =>
      context.log.warn({ error }, 'a lease could not be renewed'),
    );
  };
  const timer = setInterval(beat, RUN_LEASE_MS / BEATS_PER_HOLD);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
