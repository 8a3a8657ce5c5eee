import { type LeasedKind, renewLease as renewLeaseRow } from '@agent-registry/db';
import type { Op } from './op.ts';

/** Lease length of a verification run and of a criteria check. */
export const LEASE_MS = 45_000;

/** When a lease that is taken or renewed now runs out. */
export function leaseEnd(op: Op): Date {
  return new Date(op.now.getTime() + LEASE_MS);
}

/**
 * Heartbeat of a worker: another takes its work over when the lease was not renewed for LEASE_MS, and the sweep leaves the
 * outbox entry alone until then. So a worker that is killed costs a delivery seconds of waiting.
 *
 * @returns false when another worker has the lease by now, or the work has ended.
 */
export function renewLease(op: Op, kind: LeasedKind, lease: { id: string; token: string }): Promise<boolean> {
  return renewLeaseRow(op.trx, kind, { ...lease, until: leaseEnd(op) });
}
