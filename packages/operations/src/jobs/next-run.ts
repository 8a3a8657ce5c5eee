import { findDueFail, type LaneRule, listLaneUse, listWaitingRuns } from '@agent-registry/db';
import { LANE_USE_MS, nextLane, RECENT_FEES_MS, SHARED_LANE } from '@agent-registry/domain';
import type { Op } from '../op.ts';

/** Whose share of the runner a client's runs use: its own where it has paid fees of late, else the one for all others. */
export function laneOf(op: Op, clientId: string): LaneRule {
  return { clientId, paidSince: new Date(op.now.getTime() - RECENT_FEES_MS), shared: SHARED_LANE };
}

/**
 * What a free slot of the runner does next: a recorded FAIL whose time has come is acted on before all else, since that takes
 * no time of the runner; else the lane whose turn it is has its first run judged. Null when nothing waits.
 *
 * @param ownRunId the run that the task in the slot was created for.
 */
export async function findNextRun(op: Op, ownRunId: string): Promise<string | null> {
  const since = new Date(op.now.getTime() - LANE_USE_MS);
  const window = { since, now: op.now, ownRunId };
  const [failed, waiting] = await Promise.all([findDueFail(op.trx, window), listWaitingRuns(op.trx, window)]);
  if (failed !== undefined) return failed;
  const lane = waiting.length < 2 ? waiting[0] : nextLane(waiting, await listLaneUse(op.trx, since, op.now));
  return lane?.runId ?? null;
}
