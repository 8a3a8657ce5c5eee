import { startE2eStack } from '@agent-registry/stack/testing';
import { expect, test } from '@jest/globals';
import { ENDURANCE_ENVIRONMENT, judgeEndurance, VICTIMS } from './endurance-rules.ts';
import { endureWebhooks } from './endure-webhooks.ts';

const TIMEOUT_MS = 240_000;

// The long form, with 20,000 events and ten kills of each, is webhook-endurance.ts.
test(
  'dispatcher, emulator and Postgres killed with -9 amid events: each live receiver gets each event, nothing is unaccounted for',
  async () => {
    const stack = await startE2eStack(ENDURANCE_ENVIRONMENT);
    try {
      const report = await endureWebhooks(stack, {
        events: 400,
        targets: 10,
        deadEvery: 5,
        kills: 1,
        victims: VICTIMS,
        seed: 7,
        drainMs: 90_000,
        settleMs: 10_000,
        say: () => undefined,
      });
      expect(judgeEndurance({ ...report, duplicateShare: 0 })).toEqual([]);
      expect(report).toMatchObject({ events: 400, killed: 3 });
      // One percent of so few is less than what one kill may repeat: an exchange that was under way.
      expect(report.duplicateShare).toBeLessThan(0.05);
    } finally {
      await stack.remove();
    }
  },
  TIMEOUT_MS,
);
