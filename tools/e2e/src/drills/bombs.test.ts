import { expect, test } from '@jest/globals';
import { startE2eStack } from '../testing/index.ts';
import { runBombs } from './testing/run-bombs.ts';

/** For a machine that does other things too: what is waited for is a verdict, not a time. */
const TIMEOUT_MS = 300_000;

test(
  'an honest script of 4 s with a limit of 4.6 s passes while another agent delivers a bomb every 100 ms',
  async () => {
    const stopping = new AbortController();
    const stack = await startE2eStack({ VERDICT_FAIL_STEP_SECONDS: '0' }, { signal: stopping.signal });
    try {
      const { rounds, bombs, health } = await runBombs(stack, {
        rounds: 1,
        everyMs: 100,
        signal: stopping.signal,
        say: () => undefined,
      });
      expect(rounds.map(({ verdict }) => verdict)).toEqual(['pass']);
      expect(bombs.delivered).toBeGreaterThan(0);
      expect(Object.values(health).map(({ failed }) => failed)).toEqual([0, 0]);
    } finally {
      await stack.remove();
    }
  },
  TIMEOUT_MS,
);
