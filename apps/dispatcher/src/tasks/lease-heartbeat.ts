import { commit, type Op, RUN_LEASE_MS, renewLease } from '@agent-registry/operations';
import type { DispatcherContext } from '../context.ts';

const BEATS_PER_LEASE = 3;

/** Does `work` while a heartbeat renews the run's lease, for as long as a verification may take at most. */
export function withRunHeartbeat<T>(
  context: DispatcherContext,
  lease: { runId: string; token: string },
  work: () => Promise<T>,
): Promise<T> {
  return withHeartbeat(context, (op) => renewLease(op, lease), work);
}

/** Does `work` while a heartbeat renews a lease of 45 s, for as long as a verification may take at most. */
export async function withHeartbeat<T>(
  context: DispatcherContext,
  renew: (op: Op) => Promise<unknown>,
  work: () => Promise<T>,
): Promise<T> {
  const beats =
    Math.floor((context.config.verification.leaseMs * BEATS_PER_LEASE) / RUN_LEASE_MS) - BEATS_PER_LEASE;
  let left = beats;
  const beat = (): void => {
    left -= 1;
    if (left <= 0) clearInterval(timer);
    commit(context, renew).catch((error: unknown) =>
      context.log.warn({ error }, 'a lease could not be renewed'),
    );
  };
  const timer = setInterval(beat, RUN_LEASE_MS / BEATS_PER_LEASE);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
