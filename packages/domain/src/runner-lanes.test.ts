import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LaneUse, nextLane, type WaitingLane } from './runner-lanes.ts';

interface Run {
  readonly lane: string;
  readonly atMs: number;
  readonly suiteMs: number;
}

interface Started extends Run {
  readonly startedMs: number;
}

const at = (ms: number): Date => new Date(ms);

/** Plays a runner with `slots`, each of which takes the oldest run of the lane whose turn it is, until every run has a verdict. */
function play(slots: number, runs: readonly Run[]): Started[] {
  const waiting = runs.toSorted((a, b) => a.atMs - b.atMs);
  const started: Started[] = [];
  const endOf = ({ startedMs, suiteMs }: Started): number => startedMs + suiteMs;
  for (let nowMs = 0; waiting.length > 0; ) {
    const busy = started.filter((one) => endOf(one) > nowMs);
    const lanes = waitingLanes(waiting.filter(({ atMs }) => atMs <= nowMs));
    const next = busy.length < slots ? nextLane(lanes, usesOf(started, nowMs)) : undefined;
    if (next === undefined) {
      nowMs = Math.min(
        ...[...busy.map(endOf), ...waiting.map(({ atMs }) => atMs)].filter((ms) => ms > nowMs),
      );
      continue;
    }
    const index = waiting.findIndex(({ lane }) => lane === next.lane);
    const [run] = waiting.splice(index, 1) as [Run];
    started.push({ ...run, startedMs: nowMs });
  }
  return started;
}

function waitingLanes(waiting: readonly Run[]): WaitingLane[] {
  return [...Map.groupBy(waiting, ({ lane }) => lane)].map(([lane, own]) => ({
    lane,
    since: at(Math.min(...own.map(({ atMs }) => atMs))),
  }));
}

function usesOf(started: readonly Started[], nowMs: number): LaneUse[] {
  return [...Map.groupBy(started, ({ lane }) => lane)].map(([lane, own]) => ({
    lane,
    usedMs: own.reduce((sum, one) => sum + Math.min(one.suiteMs, nowMs - one.startedMs), 0),
    lastTurnAt: at(Math.max(...own.map(({ startedMs }) => startedMs))),
  }));
}

const arbitraryRun = fc.record({
  lane: fc.constantFrom('a', 'b', 'c', 'd'),
  atMs: fc.integer({ min: 0, max: 60 }).map((seconds) => seconds * 1_000),
  suiteMs: fc.integer({ min: 1, max: 60 }).map((seconds) => seconds * 1_000),
});

test('each lane waits for one suite of each other lane at most, whatever comes when', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryRun, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 3 }),
      (runs, slots) => {
        const started = play(slots, runs);
        expect(started).toHaveLength(runs.length);
        for (const run of started) {
          const before = started.filter(({ startedMs }) => startedMs < run.startedMs);
          const own = before.filter(({ lane }) => lane === run.lane);
          const since = Math.max(run.atMs, ...own.map(({ startedMs }) => startedMs));
          const passers = before.filter(({ lane, startedMs }) => lane !== run.lane && startedMs > since);
          expect(new Set(passers.map(({ lane }) => lane)).size).toBe(passers.length);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('of lanes that nobody passed over, the one that has used least goes first', () => {
  const waiting = [
    { lane: 'a', since: at(5_000) },
    { lane: 'b', since: at(6_000) },
  ];
  const uses = [
    { lane: 'a', usedMs: 2_000, lastTurnAt: at(1_000) },
    { lane: 'b', usedMs: 1_000, lastTurnAt: at(4_000) },
  ];
  expect(nextLane(waiting, uses)?.lane).toBe('b');
  expect(nextLane([], uses)).toBeUndefined();
});
