import { hasPaidFees, listLaneUse, listWaitingLanes, type VerificationRunRow } from '@agent-registry/db';
import { LANE_FEES_MS, LANE_USE_MS, SHARED_LANE, YIELD_MS, yieldsTurn } from '@agent-registry/domain';
import type { Op } from '../op.ts';
import { schedule } from '../outbox.ts';

/** Whose share of the runner a client's runs use: its own where it has paid fees of late, else the one for all others. */
export async function laneOf(op: Op, clientId: string): Promise<string> {
  const since = new Date(op.now.getTime() - LANE_FEES_MS);
  return (await hasPaidFees(op.trx, clientId, since)) ? clientId : SHARED_LANE;
}

/**
 * Leaves the runner to another lane whose turn it is, and moves this run to a little later. Only a run that has had no turn
 * yields: a retry has waited already.
 *
 * @returns whether it yielded; then nothing else is to be done with the run now.
 */
export async function yieldTurn(op: Op, run: VerificationRunRow): Promise<boolean> {
  if (run.turn_started_at !== null) return false;
  const waiting = await listWaitingLanes(op.trx);
  if (waiting.every(({ lane }) => lane === run.lane)) return false;
  const uses = await listLaneUse(op.trx, new Date(op.now.getTime() - LANE_USE_MS), op.now);
  const changes = uses.map((use) => use.lastChangeAt.getTime());
  const yields = yieldsTurn({
    lane: run.lane,
    waiting,
    uses,
    lastChangeAt: changes.length === 0 ? null : new Date(Math.max(...changes)),
    now: op.now,
  });
  if (!yields) return false;
  const entry = { kind: 'verification', subject: run.run_id, cycle: 1, attempt: 1 } as const;
  await schedule(op, { ...entry, jobId: run.job_id, dueAt: new Date(op.now.getTime() + YIELD_MS) });
  return true;
}
