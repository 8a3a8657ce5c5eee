import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupPrefix } from '../../src/sandbox/cgroup/cgroup.ts';
import { readHierarchies } from '../../src/sandbox/cgroup/find-cgroups.ts';

/** What a runner can leave behind on its machine. */
export interface Leftovers {
  readonly processes: readonly number[];
  readonly directories: readonly string[];
  readonly groups: readonly string[];
  readonly mounts: readonly string[];
  readonly descriptors: number;
}

/** Looks for what the runner `pid` has on this machine now; mounts and descriptors are this process's. */
export function findLeftovers(pid: number = process.pid): Leftovers {
  const mark = `agent-registry-sandbox-${pid}-`;
  const groups = readHierarchies('/proc/self').flatMap(({ ownPath }) =>
    readdirSync(ownPath)
      .filter((name) => name.startsWith(`${groupPrefix}${pid}-`))
      .map((name) => join(ownPath, name)),
  );
  return {
    processes: processesWithMount(mark),
    directories: readdirSync(tmpdir()).filter((name) => name.startsWith(mark)),
    groups,
    mounts: readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(mark)),
    descriptors: readdirSync('/proc/self/fd').length,
  };
}

/** A sandboxed process is known by what it has mounted: its harness lies in its runner's directory. */
function processesWithMount(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}
