import { setTimeout as delay } from 'node:timers/promises';
import { waitUntil } from '@agent-registry/servers';
import type { ServiceName, Stack } from '@agent-registry/stack';
import { type Failover, failOver } from './fail-over.ts';
import type { Owed } from './produce.ts';
import type { Random } from './random.ts';

const KILLED_PARTS = ['dispatcher', 'emulator', 'postgres'] as const;
type KilledPart = (typeof KILLED_PARTS)[number];
/** By turns: Postgres takes no writes for a while, or shuts down in order and starts again. */
const FAILOVERS: readonly Failover[] = ['read-only', 'restart'];

export interface Kill {
  readonly part: KilledPart | Failover;
  /** Unix ms. */
  readonly atMs: number;
  /** When it served again. */
  readonly readyAtMs: number;
}

const REVIVAL_MS = 120_000;
/** Kills come up to so long after the event that they wait for: at any moment of what is under way, not at its end. */
const SPREAD_MS = 1_000;

/** Kills a part, with -9 unless another signal is named, and waits until it serves again. */
export async function killOnce<P extends ServiceName>(
  stack: Stack,
  part: P,
  { signal, by = 'SIGKILL' }: { signal?: AbortSignal; by?: NodeJS.Signals } = {},
) {
  await stack.whenReady(part);
  const pid = stack.pid(part);
  const atMs = Date.now();
  stack.kill(part, by);
  const isAnother = () => stack.pid(part) !== pid && stack.pid(part) !== null;
  if (!(await waitUntil(isAnother, { timeoutMs: REVIVAL_MS, ...(signal && { signal }) })))
    throw new Error(`${part} was not started again`);
  await stack.whenReady(part);
  return { part, atMs, readyAtMs: Date.now() };
}

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
