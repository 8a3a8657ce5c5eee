import type { LatencyLteTest } from '@agent-registry/criteria';

/** By the registry's own clock: from the last start to this delivery. */
export interface Facts {
  readonly startedAt: Date;
  readonly deliveredAt: Date;
}

export interface LatencyResult {
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly message: string;
}

/** The delivery came within `max_seconds` of the start. Needs no worker: it looks at nothing a party wrote. */
export function checkLatencyLte(test: LatencyLteTest, facts: Facts | null): LatencyResult {
  if (facts === null) return { outcome: 'skipped', message: 'A dry run has no delivery to time.' };
  const seconds = (facts.deliveredAt.getTime() - facts.startedAt.getTime()) / 1_000;
  const outcome = seconds <= test.maxSeconds ? 'passed' : 'failed';
  return { outcome, message: `Delivered after ${seconds} s, at most ${test.maxSeconds} s wanted.` };
}
