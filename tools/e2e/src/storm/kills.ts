import { setTimeout as delay } from 'node:timers/promises';
import { waitUntil } from '@agent-registry/servers';
import type { ServiceName, Stack } from '@agent-registry/stack';
import type { Owed } from './produce.ts';
import type { Random } from './random.ts';

const KILLED_PARTS = ['dispatcher', 'emulator', 'postgres'] as const;
type KilledPart = (typeof KILLED_PARTS)[number];

export interface Kill {
  readonly part: KilledPart;
  /** Unix ms. */
  readonly atMs: number;
  /** When it served again. */
  readonly readyAtMs: number;
}

const REVIVAL_MS = 120_000;
/** Kills come up to so long after the event that they wait for: at any moment of what is under way, not at its end. */
const SPREAD_MS = 1_000;

/** Kills a part with -9 and waits until it serves again. */
export async function killOnce<P extends ServiceName>(stack: Stack, part: P, signal?: AbortSignal) {
  await stack.whenReady(part);
  const pid = stack.pid(part);
  const atMs = Date.now();
  stack.kill(part, 'SIGKILL');
  const isAnother = () => stack.pid(part) !== pid && stack.pid(part) !== null;
  if (!(await waitUntil(isAnother, { timeoutMs: REVIVAL_MS, ...(signal && { signal }) })))
    throw new Error(`${part} was not started again`);
  await stack.whenReady(part);
  return { part, atMs, readyAtMs: Date.now() };
}

/**
 * Kills each part with -9 `each` times, at random points of the production of `events`, whatever state the others are in; a
 * part that is down is killed when it serves again.
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
  const killPart = async (part: KilledPart, moments: readonly { at: number; thenMs: number }[]) => {
    const kills: Kill[] = [];
    for (const { at, thenMs } of moments) {
      await owed.reaches(at);
      await delay(thenMs, undefined, { signal });
      const kill = await killOnce(stack, part, signal);
      kills.push(kill);
      onKill(kill);
    }
    return kills;
  };
  const plans = KILLED_PARTS.map((part) => {
    const moments = Array.from({ length: each }, () => ({
      at: 1 + random.below(events),
      thenMs: random.below(SPREAD_MS),
    }));
    return { part, moments: moments.sort((a, b) => a.at - b.at) };
  });
  return (await Promise.all(plans.map(({ part, moments }) => killPart(part, moments)))).flat();
}
