import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LaneUse, STALL_MS, YIELD_MS, yieldsTurn } from './runner-lanes.ts';

interface Run {
  readonly lane: string;
  readonly atMs: number;
  readonly suiteMs: number;
}

interface Started extends Run {
  readonly startedMs: number;
}

const at = (ms: number): Date => new Date(ms);

/** Plays a queue, first come first served, and a runner with `slots`, until every run has been judged. */
function play(slots: number, runs: readonly Run[]): Started[] {
  const queue = runs.map((run) => ({ run, dueMs: run.atMs })).toSorted((a, b) => a.dueMs - b.dueMs);
  const started: Started[] = [];
  const endOf = ({ startedMs, suiteMs }: Started): number => startedMs + suiteMs;
  for (let nowMs = 0; queue.length > 0; ) {
    const busy = started.filter((one) => endOf(one) > nowMs);
    const index = busy.length < slots ? queue.findIndex(({ dueMs }) => dueMs <= nowMs) : -1;
    if (index === -1) {
      const next = busy.length < slots ? queue.map(({ dueMs }) => dueMs) : busy.map(endOf);
      nowMs = Math.min(...next.filter((ms) => ms > nowMs));
      continue;
    }
    const [{ run }] = queue.splice(index, 1) as [{ run: Run; dueMs: number }];
    const waiting = [run, ...queue.map((entry) => entry.run)].filter(({ atMs }) => atMs <= nowMs);
    const changes = started.flatMap((one) => [one.startedMs, endOf(one)]).filter((ms) => ms <= nowMs);
    const yields = yieldsTurn({
      lane: run.lane,
      waiting: [...Map.groupBy(waiting, ({ lane }) => lane)].map(([lane, own]) => ({
        lane,
        since: at(Math.min(...own.map(({ atMs }) => atMs))),
      })),
      uses: usesOf(started, nowMs),
      lastChangeAt: changes.length === 0 ? null : at(Math.max(...changes)),
      now: at(nowMs),
    });
    if (yields) queue.push({ run, dueMs: nowMs + YIELD_MS });
    else started.push({ ...run, startedMs: nowMs });
  }
  return started;
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

describe('the lanes of the runner', () => {
  test('each waits for one suite of each other lane at most, whatever comes when', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryRun, { minLength: 1, maxLength: 20 }),
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

  test('a slot does not stay empty for a run that does not come', () => {
    const contest = {
      lane: 'a',
      waiting: [
        { lane: 'a', since: at(1_000) },
        { lane: 'lost', since: at(0) },
      ],
      uses: [{ lane: 'a', usedMs: 5_000, lastTurnAt: at(2_000) }],
      lastChangeAt: at(10_000),
    };
    expect(yieldsTurn({ ...contest, now: at(10_000 + STALL_MS) })).toBe(true);
    expect(yieldsTurn({ ...contest, now: at(10_001 + STALL_MS) })).toBe(false);
  });

  test('of lanes that nobody passed over, the one that has used least goes first', () => {
    const contest = {
      waiting: [
        { lane: 'a', since: at(5_000) },
        { lane: 'b', since: at(6_000) },
      ],
      uses: [
        { lane: 'a', usedMs: 2_000, lastTurnAt: at(1_000) },
        { lane: 'b', usedMs: 1_000, lastTurnAt: at(4_000) },
      ],
      lastChangeAt: at(6_000),
      now: at(6_000),
    };
    expect(yieldsTurn({ ...contest, lane: 'a' })).toBe(true);
    expect(yieldsTurn({ ...contest, lane: 'b' })).toBe(false);
  });
});
