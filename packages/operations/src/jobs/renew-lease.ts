import { renewRunLease } from '@agent-registry/db';
import type { Op } from '../op.ts';

/** Lease length of a run; renewed by a heartbeat. */
export const RUN_LEASE_MS = 45_000;

/**
 * Heartbeat of a run's worker: another takes the run over when the lease was not renewed for RUN_LEASE_MS, and the sweep
 * leaves the run's entry alone until then. So a worker that is killed costs a delivery seconds of waiting.
 *
 * @returns false when another worker has the lease by now, or the run has ended.
 */
export async function renewLease(op: Op, input: { runId: string; token: string }): Promise<boolean> {
  const until = new Date(op.now.getTime() + RUN_LEASE_MS);
  return renewRunLease(op.trx, { ...input, until });
}
