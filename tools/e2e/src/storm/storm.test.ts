// The short form of tools/e2e/src/storm/main.ts.
import { expect, test } from '@jest/globals';
import { useE2eStack } from '../testing/use-stack.ts';
import { runStorm, stormOverrides } from './run-storm.ts';

const unitMs = 2;
const timeoutMs = 300_000;
const stack = useE2eStack(stormOverrides(unitMs), { queues: 'production', runner: false });

test(
  'api, dispatcher, emulator and Postgres are each killed with -9 and Postgres fails over amid 200 events: every one of them is accounted for, and every job that several wanted to end ended once',
  async () => {
    const report = await runStorm(stack, {
      events: 200,
      kills: 1,
      targets: 20,
      callers: 16,
      seed: 1,
      unitMs,
      drainMs: 180_000,
    });
    expect(report.faults).toEqual([]);
    expect(report.kills).toHaveLength(5);
    expect(report.contests).toBeGreaterThan(0);
    expect(report.deliveries).toBeGreaterThan(200);
    // Both ends were seen: what arrived, and what nobody was there for.
    expect(report.delivered).toBeGreaterThan(0);
    expect(report.exhausted + report.pending).toBeGreaterThan(0);
    expect(report.delivered + report.exhausted + report.pending).toBe(report.deliveries);
  },
  timeoutMs,
);
