import { commit, LEASE_MS, renewLease } from '@agent-registry/operations';
import type { DispatcherContext } from '../context.ts';

const BEATS_PER_LEASE = 3;

/** Does `work` while a heartbeat renews its lease, for as long as a verification may take at most. */
export async function withHeartbeat<T>(
  context: DispatcherContext,
  kind: Parameters<typeof renewLease>[1],
  lease: { id: string; token: string },
  work: () => Promise<T>,
): Promise<T> {
  const beats =
    Math.floor((context.config.verification.leaseMs * BEATS_PER_LEASE) / LEASE_MS) - BEATS_PER_LEASE;
  let left = beats;
  const beat = (): void => {
    left -= 1;
    if (left <= 0) clearInterval(timer);
    commit(context, (op) => renewLease(op, kind, lease)).catch((error: unknown) =>
      context.log.warn({ error }, 'a lease could not be renewed'),
    );
  };
  const timer = setInterval(beat, LEASE_MS / BEATS_PER_LEASE);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
