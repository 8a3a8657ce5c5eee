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

/** A lane in which a run waits for its first turn, since when. */
export interface WaitingLane {
  readonly lane: string;
  readonly since: Date;
}

export interface Contest {
  /** The lane whose run could start now; one of `waiting`. */
  readonly lane: string;
  readonly waiting: readonly WaitingLane[];
  readonly uses: readonly LaneUse[];
  /** When a turn last began or ended, in any lane; null when none did in the last hour. */
  readonly lastChangeAt: Date | null;
  readonly now: Date;
}

/**
 * Whether a run leaves a free slot of the runner to another lane. A lane that was passed over since it began to wait comes
 * first, the one that waits longest before the others; among lanes that nobody passed over, the one that has used
 * least. So a lane waits for one suite of each other lane at most. No slot stays empty for a run that does not come.
 */
export function yieldsTurn({ lane, waiting, uses, lastChangeAt, now }: Contest): boolean {
  if (lastChangeAt === null || now.getTime() - lastChangeAt.getTime() > STALL_MS) return false;
  const [first] = waiting.map((one) => placeOf(one, uses)).toSorted(byPlace);
  return first !== undefined && first.lane !== lane;
}

interface Place {
  readonly lane: string;
  readonly passedOver: boolean;
  readonly sinceMs: number;
  readonly usedMs: number;
}

function placeOf({ lane, since }: WaitingLane, uses: readonly LaneUse[]): Place {
  const own = uses.find((use) => use.lane === lane);
  const sinceMs = Math.max(since.getTime(), own?.lastTurnAt.getTime() ?? 0);
  const passedOver = uses.some((use) => use.lane !== lane && use.lastTurnAt.getTime() >= sinceMs);
  return { lane, passedOver, sinceMs, usedMs: own?.usedMs ?? 0 };
}

function byPlace(a: Place, b: Place): number {
  if (a.passedOver !== b.passedOver) return a.passedOver ? -1 : 1;
  const byUse = a.passedOver ? 0 : a.usedMs - b.usedMs;
  return byUse || a.sinceMs - b.sinceMs || (a.lane < b.lane ? -1 : 1);
}
