import { randomInt } from 'node:crypto';
import type { Clock, Ids } from '@agent-registry/schemas';
import { v7 } from 'uuid';
import { createRandomPool } from './random-pool.ts';

/** The machine's clock. The only place that reads it. */
export const systemClock: Clock = { now: () => new Date() };

const sequenceStart = 2 ** 31;
const idBytes = 16;

/** UUIDv7 that never sort before one made earlier by the same source, even when the clock is set back. */
export const createIds = (clock: Clock): Ids => {
  let lastMs = Number.NEGATIVE_INFINITY;
  let sequence = 0;
  const random = createRandomPool();
  const rng = () => random(idBytes);
  return {
    next: () => {
      const nowMs = clock.now().getTime();
      if (nowMs > lastMs) {
        lastMs = nowMs;
        sequence = randomInt(sequenceStart); // the upper half is room to count within the millisecond
      } else {
        sequence = (sequence + 1) >>> 0;
        if (sequence === 0) lastMs += 1;
      }
      return v7({ msecs: lastMs, seq: sequence, rng });
    },
  };
};
