// The emulator's clock: the time, and timers. Tests drive a manual one.

/** Longest single timer; longer waits are re-armed. Node's own limit is 24.8 days, less than a task may wait. */
const MAX_TIMER_MS = 3_600_000;

export interface EmulatorClock {
  /** The current time. */
  now(): Date;
  /** Calls `run` once, `delayMs` milliseconds from now; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: EmulatorClock = {
  now: () => new Date(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

export interface ManualClock extends EmulatorClock {
  /** Moves time forward, running every timer that falls due on the way, in order, each at its own moment. */
  advance(ms: number): void;
  /** How long until the earliest timer, in milliseconds, or null when none is set. */
  nextTimerInMs(): number | null;
}

/** A clock that stands still until it is told to move, for tests of backoff, deadlines and rates. */
export const createManualClock = (start: Date): ManualClock => {
  let nowMs = start.getTime();
  const timers = new Set<{ dueMs: number; run: () => void }>();
  const earliest = () => {
    let first: { dueMs: number; run: () => void } | null = null;
    for (const timer of timers) if (first === null || timer.dueMs < first.dueMs) first = timer;
    return first;
  };
  return {
    now: () => new Date(nowMs),
    after: (delayMs, run) => {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => {
      const endMs = nowMs + ms;
      for (let timer = earliest(); timer !== null && timer.dueMs <= endMs; timer = earliest()) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueMs);
        timer.run();
      }
      nowMs = endMs;
    },
    nextTimerInMs: () => {
      const timer = earliest();
      return timer === null ? null : timer.dueMs - nowMs;
    },
  };
};
