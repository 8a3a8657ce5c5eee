import { expect, test } from '@jest/globals';
import { maxLimits } from '../../../test/sandbox/attack-limits.ts';
import { describeWithSandbox } from '../../../test/sandbox/availability.ts';
import { useContext } from '../../../test/sandbox/make-context.ts';
import { scriptJob } from '../../../test/sandbox/script-job.ts';
import { BackendUnavailable } from '../../backend.ts';
import type { Group, GroupParent } from '../cgroup/cgroup.ts';
import { runScript } from '../run-script.ts';
import { startSandbox } from '../sandbox.ts';

describeWithSandbox('a launcher', () => {
  const made = useContext();

  /** A group with the entrance given, which never has anybody in it. */
  const groupsWith = (entrance: string): GroupParent => {
    const group: Group = {
      entrances: [entrance],
      limit: () => undefined,
      read: () => ({
        cpuMs: 0,
        memoryBytes: 0,
        peakMemoryBytes: 0,
        oomKills: 0,
        refusedForks: 0,
        isStarved: false,
      }),
      members: () => [],
      remove: () => true,
    };
    return { kind: 'cgroup-v1', create: () => group, close: () => undefined };
  };
  const job = scriptJob('echo begun');

  test('a launcher enters its group before it begins', async () => {
    const context = { ...made.context, groups: groupsWith('/dev/null') };
    const sandbox = startSandbox(context, made.bash, maxLimits, 'with script');
    const { stdout } = await runScript(sandbox, job, new AbortController().signal);
    expect(stdout).toBe('begun\n');
    await sandbox.ended;
  });

  test.each(['waiting', 'with script'] as const)(
    'a launcher that cannot enter its group never begins (%s)',
    async (start) => {
      const context = { ...made.context, groups: groupsWith('/dev/full') };
      const sandbox = startSandbox(context, made.bash, maxLimits, start);
      await expect(runScript(sandbox, job, new AbortController().signal)).rejects.toThrow(BackendUnavailable);
      expect(sandbox.stdout.text()).toBe('');
      await sandbox.ended;
    },
  );

  test('a launcher whose group is gone is not started at all, and keeps nothing', () => {
    const context = { ...made.context, groups: groupsWith('/nowhere/tasks') };
    const inUse = context.slots.inUse;
    expect(() => startSandbox(context, made.bash, maxLimits, 'with script')).toThrow('ENOENT');
    expect(context.slots.inUse).toBe(inUse);
  });
});
