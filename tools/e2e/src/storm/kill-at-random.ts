import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '@agent-registry/stack';
import { failOver } from './fail-over.ts';
import { type Failover, type Kill, killOnce } from './kills.ts';
import type { Owed } from './produce.ts';
import type { Random } from './random.ts';

const KILLED_PARTS = ['api', 'dispatcher', 'emulator', 'postgres'] as const;
/** Alternating. */
const FAILOVERS: readonly Failover[] = ['read-only', 'restart'];
/** Kills come up to so long after the event that they wait for: at any moment of what is under way, not at its end. */
const SPREAD_MS = 1_000;

/**
 * Kills each part with -9 `each` times and fails Postgres over as often, at random points of the production of `events`, whatever
 * state the others are in; a part that is down is killed when it serves again.
 */
export async function killAtRandom(
  stack: Stack,
  owed: Owed,
  options: {
    events: number;
    each: number;
    random: Random;
    signal: AbortSignal;
    onKill: (kill: Kill) => void;
  },
): Promise<Kill[]> {
  const { events, each, random, signal, onKill } = options;
  const killTimes = async (kill: (turn: number) => Promise<Kill>) => {
    const kills: Kill[] = [];
    const moments = Array.from({ length: each }, () => ({
      at: 1 + random.below(events),
      thenMs: random.below(SPREAD_MS),
    })).sort((a, b) => a.at - b.at);
    for (const [turn, { at, thenMs }] of moments.entries()) {
      await owed.reaches(at);
      await delay(thenMs, undefined, { signal });
      const done = await kill(turn);
      kills.push(done);
      onKill(done);
    }
    return kills;
  };
  const killings = KILLED_PARTS.map((part) => killTimes(() => killOnce(stack, part, { signal })));
  const failingOver = killTimes((turn) => failOver(stack, FAILOVERS[turn % FAILOVERS.length]!, signal));
  return (await Promise.all([...killings, failingOver])).flat();
}
