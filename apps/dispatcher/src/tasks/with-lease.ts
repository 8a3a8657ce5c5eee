import { commit, LEASE_MS, type Op, renewLease } from '@agent-registry/operations';
import { type Answer, again } from '../answer.ts';
import type { DispatcherContext } from '../context.ts';

const BEATS_PER_LEASE = 3;

/** What a worker has leased of the test-runner's work. */
export interface Lease {
  readonly kind: Parameters<typeof renewLease>[1];
  readonly id: string;
  readonly token: string;
  /** Gives it back, at no cost to anybody. */
  readonly release: (op: Op) => Promise<unknown>;
}

/**
 * Does `work` while a heartbeat renews its lease. Where it fails, or answers null for an outage of the runner, the lease is
 * released, and the queue retries.
 */
export async function withLease(
  context: DispatcherContext,
  lease: Lease,
  work: () => Promise<Answer | null>,
): Promise<Answer> {
  try {
    const answer = await withHeartbeat(context, lease, work);
    if (answer !== null) return answer;
  } catch (error) {
    await release(context, lease);
    throw error;
  }
  await release(context, lease);
  return context.stopping.aborted ? again(500, 'stopping') : again(503, 'no_verdict');
}

/** Releases a lease; if even that fails, it expires by itself. */
async function release(context: DispatcherContext, lease: Lease): Promise<void> {
  try {
    await commit(context, lease.release);
  } catch (error) {
    context.log.warn({ error, leased: lease.kind, id: lease.id }, 'a lease could not be released');
  }
}

/** The heartbeat goes on for as long as a verification may take at most. */
async function withHeartbeat<T>(
  context: DispatcherContext,
  { kind, ...lease }: Lease,
  work: () => Promise<T>,
): Promise<T> {
  let left = Math.floor((context.config.verification.leaseMs * BEATS_PER_LEASE) / LEASE_MS) - BEATS_PER_LEASE;
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
