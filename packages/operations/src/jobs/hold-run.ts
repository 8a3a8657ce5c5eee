import { renewRunLease } from '@agent-registry/db';
import type { Op } from '../op.ts';

/** How long a worker's word that it is still judging a run counts; renewed while it works. */
export const RUN_HOLD_MS = 45_000;

/**
 * Says that the holder of a run is alive: another worker takes the run over when this has not been said for RUN_HOLD_MS,
 * and the sweep leaves the run's entry alone until then. So a worker that is killed costs a delivery seconds of waiting and
 * not the whole lease.
 *
 * @returns false when somebody else holds the run by now, or it has ended.
 */
export async function holdRun(op: Op, input: { runId: string; token: string }): Promise<boolean> {
  const until = new Date(op.now.getTime() + RUN_HOLD_MS);
  return renewRunLease(op.trx, { ...input, until });
}
