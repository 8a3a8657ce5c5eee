import { expect, test } from '@jest/globals';
import { attackLimits } from '../../../test/sandbox/attack-limits.ts';
import type { GroupUsage } from '../cgroup/cgroup.ts';
import type { Sandbox } from '../sandbox.ts';
import { startWatch, type Violation } from './watch.ts';

const usage = (cpuMs: number): GroupUsage => ({
  cpuMs,
  memoryBytes: 0,
  peakMemoryBytes: 0,
  oomKills: 0,
  refusedForks: 0,
  isStarved: false,
});

test('what a sandbox took to stand counts neither as its script’s nor against its limit', async () => {
  let cpuMs = 500;
  const seen: (Violation | 'starved')[] = [];
  const sandbox = { usage: () => usage(cpuMs), initPid: () => null } as unknown as Sandbox;
  const watch = startWatch(sandbox, { ...attackLimits, cpuMs: 100 }, (found) => void seen.push(found));
  cpuMs = 560;
  expect((await watch.measure()).cpuMs).toBe(60);
  expect(seen).toEqual([]);
  cpuMs = 601;
  expect((await watch.measure()).cpuMs).toBe(101);
  expect(seen).toContain('cpu');
  watch.stop();
});
