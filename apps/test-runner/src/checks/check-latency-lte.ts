import type { LatencyLteTest } from '@agent-registry/criteria';
import type { CheckResult } from '../worker/protocol.ts';

/** By the registry's own clock: from the last start to this delivery. */
export interface Facts {
  readonly startedAt: Date;
  readonly deliveredAt: Date;
}

/** The delivery came within `max_seconds` of the start. Needs no worker: it looks at nothing a party wrote. */
export function checkLatencyLte(test: LatencyLteTest, facts: Facts): CheckResult {
  const seconds = (facts.deliveredAt.getTime() - facts.startedAt.getTime()) / 1_000;
  const outcome = seconds <= test.maxSeconds ? 'passed' : 'failed';
  return { outcome, message: `Delivered after ${seconds} s, at most ${test.maxSeconds} s wanted.` };
}
