import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { maxLimits } from '../../test/sandbox/attack-limits.ts';
import { describeWithSandbox } from '../../test/sandbox/availability.ts';
import { findLeftovers } from '../../test/sandbox/leftovers.ts';
import { useContext } from '../../test/sandbox/make-context.ts';
import { scriptJob } from '../../test/sandbox/script-job.ts';
import { createLauncher } from './bwrap/launcher.ts';
import { runScript } from './run-script.ts';
import { type Start, startSandbox } from './sandbox.ts';
import { whyBlind } from './watch/watchdog-sight.ts';

const groupLimits = { memoryBytes: maxLimits.memoryBytes, processes: 66 };

describeWithSandbox('a bwrap that is killed', () => {
  const made = useContext();

  /** Runs a script that sleeps, with bwrap killed `afterMs` from its start. */
  async function killAfter(afterMs: number, start: Start, withGroups: boolean): Promise<void> {
    const context = { ...made.context, groups: withGroups ? made.context.groups : null };
    const launcher = createLauncher(context, groupLimits, 0);
    const sandbox = startSandbox(context, made.bash, maxLimits, start, launcher);
    const running = runScript(sandbox, scriptJob('sleep 600'), new AbortController().signal);
    const kill = delay(afterMs).then(() => launcher.child.kill('SIGKILL'));
    await expect(running).rejects.toThrow();
    await Promise.all([kill, sandbox.ended]);
  }

  // Where root may not see the descriptors of other users, sandboxes without groups are not made.
  test.each(whyBlind(process.getuid?.() ?? 0) === null ? [true, false] : [true])(
    'at any moment ends its run, and leaves nothing (in groups, where there are any: %p)',
    async (withGroups) => {
      const descriptors = readdirSync('/proc/self/fd').length;
      for (let round = 0; round < 48; round += 1) {
        await killAfter((round % 16) / 2, round % 2 === 0 ? 'waiting' : 'with script', withGroups);
      }
      const { processes, groups } = findLeftovers();
      expect({ processes, groups, slots: made.context.slots.inUse }).toEqual({
        processes: [],
        groups: [],
        slots: 0,
      });
      expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(descriptors);
    },
  );
});
