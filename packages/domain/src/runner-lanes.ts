/** The lane of all clients that have paid no fees of late: accounts are free, fees are not. */
export const SHARED_LANE = '00000000-0000-0000-0000-000000000000';
/** Fees paid within this time give a client a lane of its own. */
export const LANE_FEES_MS = 30 * 86_400_000;
/** What a lane has used of the runner is counted over this time. */
export const LANE_USE_MS = 3_600_000;
/** A run that yields its turn is looked at again after this. */
export const YIELD_MS = 1_000;
/** When nobody has begun or ended a turn for so long, whoever is waited for is not coming. */
export const STALL_MS = 15_000;

/** What a lane has had of the runner in the last hour. */
export interface LaneUse {
  readonly lane: string;
  readonly usedMs: number;
  readonly lastTurnAt: Date;
}

export interface Turn {
  readonly lane: string;
  readonly deliveredAt: Date;
  /** The other lanes in which a run waits for its first turn. */
  readonly waiting: readonly string[];
  readonly uses: readonly LaneUse[];
  /** When a turn last began or ended, in any lane; null when none did in the last hour. */
  readonly lastChangeAt: Date | null;
  readonly now: Date;
}

/**
 * Whether a run leaves a free slot of the runner to another lane: one that has used less of it, waits, and has had no turn
 * since this lane began to wait. So a lane waits for one suite of each other lane at most, and no slot stays empty
 * for a run that does not come.
 */
export function yieldsTurn({ lane, deliveredAt, waiting, uses, lastChangeAt, now }: Turn): boolean {
  if (lastChangeAt === null || now.getTime() - lastChangeAt.getTime() > STALL_MS) return false;
  const used = new Map(uses.map((use) => [use.lane, use]));
  const mine = used.get(lane);
  const since = Math.max(deliveredAt.getTime(), mine?.lastTurnAt.getTime() ?? 0);
  return waiting.some((other) => {
    const theirs = used.get(other);
    const hadTurn = theirs !== undefined && theirs.lastTurnAt.getTime() >= since;
    return !hadTurn && (theirs?.usedMs ?? 0) < (mine?.usedMs ?? 0);
  });
}
