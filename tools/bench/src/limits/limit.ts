import type { Taken } from '../load.ts';
import { median } from '../statistics.ts';

export const LIMITS = ['verify', 'express', 'select', 'commit', 'sandbox'] as const;
export type LimitName = (typeof LIMITS)[number];

/** What this machine can do at the best, with nothing of ours in the way. */
export interface LimitFigure {
  readonly perSecond: number;
  /** CPU ms of each; null where it is not told. */
  readonly cpuMs: number | null;
  readonly p50Ms: number;
}

export type Limits = Readonly<Record<LimitName, LimitFigure | null>>;

/** `cpuMs` is what the server's side has used for all of it. */
export function figureOf({ latenciesMs, seconds }: Taken, cpuMs: number | null): LimitFigure {
  const count = latenciesMs.length;
  return {
    perSecond: count / seconds,
    cpuMs: cpuMs === null ? null : cpuMs / count,
    p50Ms: median(latenciesMs),
  };
}
