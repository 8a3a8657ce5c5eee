// Fair queuing of the test-runner: each lane is a flow with a queue of its own.

/** The lane that all clients without recent fees share: registering is free, fees are not. */
export const SHARED_LANE = '00000000-0000-0000-0000-000000000000';
/** Fees paid within this time give a client a lane of its own. */
export const RECENT_FEES_MS = 30 * 86_400_000;
/** Window over which the runner time of a lane is counted. */
export const LANE_USE_MS = 3_600_000;

/** Runner time that a lane has used within the window. */
export interface LaneUse {
  readonly lane: string;
  readonly usedMs: number;
  readonly lastTurnAt: Date;
}

/** A lane in which a run waits for the runner, and since when. */
export interface WaitingLane {
  readonly lane: string;
  readonly since: Date;
}

/**
 * The lane that a free slot of the runner goes to; undefined when none waits. A lane that was passed over since it began to
 * wait comes first, the one that waits longest before the others; among lanes that nobody passed over, the one that has used
 * least. So a lane waits for one suite of each other lane at most.
 */
export function nextLane<T extends WaitingLane>(
  waiting: readonly T[],
  uses: readonly LaneUse[],
): T | undefined {
  return waiting.map((one) => placeOf(one, uses)).toSorted(byPlace)[0]?.waiting;
}

interface Place<T extends WaitingLane> {
  readonly waiting: T;
  readonly passedOver: boolean;
  readonly sinceMs: number;
  readonly usedMs: number;
}

function placeOf<T extends WaitingLane>(waiting: T, uses: readonly LaneUse[]): Place<T> {
  const { lane, since } = waiting;
  const own = uses.find((use) => use.lane === lane);
  const sinceMs = Math.max(since.getTime(), own?.lastTurnAt.getTime() ?? 0);
  const passedOver = uses.some((use) => use.lane !== lane && use.lastTurnAt.getTime() >= sinceMs);
  return { waiting, passedOver, sinceMs, usedMs: own?.usedMs ?? 0 };
}

function byPlace(a: Place<WaitingLane>, b: Place<WaitingLane>): number {
  if (a.passedOver !== b.passedOver) return a.passedOver ? -1 : 1;
  const byUse = a.passedOver ? 0 : a.usedMs - b.usedMs;
  return byUse || a.sinceMs - b.sinceMs || (a.waiting.lane < b.waiting.lane ? -1 : 1);
}
