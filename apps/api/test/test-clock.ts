import type { Clock } from '@agent-registry/schemas';

/** A clock that a test sets. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void;
}

export function createTestClock(start = '2026-03-01T12:00:00.000Z'): TestClock {
  let ms = Date.parse(start);
  return {
    now: () => new Date(ms),
    advance(milliseconds) {
      ms += milliseconds;
    },
  };
}
