import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Group,
  type GroupLimits,
  type GroupParent,
  groupPrefix,
  type Hierarchy,
  numberGroups,
} from './cgroup.ts';
import {
  attribute,
  readField,
  readFieldIfThere,
  readNumber,
  readPids,
  removeGroup,
  removeStaleGroups,
  wasAtProcessBound,
  write,
  writeIfThere,
} from './cgroup-files.ts';

const needed = ['memory', 'pids'];

/**
 * Groups of version 2 below this process's own. A group with processes of its own cannot give controllers to
 * its children, so this process first moves into a leaf; it does so only when it is alone in its group,
 * because moving somebody else's processes is not ours to do.
 */
export function findVersion2(
  hierarchies: readonly Hierarchy[],
): { parent: GroupParent } | { reason: string } {
  const own = hierarchies.find((h) => h.version === 2)?.ownPath;
  if (own === undefined) {
    return { reason: 'no cgroup v2 is mounted' };
  }
  try {
    const words = (file: string) => readFileSync(join(own, file), 'utf8').trim().split(/\s+/);
    const offered = words('cgroup.controllers');
    const missing = needed.filter((controller) => !offered.includes(controller));
    if (missing.length > 0) {
      return { reason: `cgroup v2 here lacks the controllers ${missing.join(', ')}` };
    }
    const leaf = join(own, `${groupPrefix}${process.pid}-runner`);
    const enabled = words('cgroup.subtree_control');
    const delegated = needed.every((controller) => enabled.includes(controller));
    if (!delegated && !delegate(own, leaf)) {
      return { reason: 'cgroup v2 here has other processes beside the runner, so it cannot be divided' };
    }
    removeStaleGroups(own, groupPrefix);
    return { parent: parentIn(own, delegated ? null : leaf) };
  } catch (error) {
    return { reason: `cgroup v2 is not writable (${(error as NodeJS.ErrnoException).code})` };
  }
}

function delegate(own: string, leaf: string): boolean {
  const members = readPids(join(own, 'cgroup.procs'));
  if (members.some((pid) => pid !== process.pid)) {
    return false;
  }
  mkdirSync(leaf);
  try {
    write(join(leaf, 'cgroup.procs'), process.pid);
    write(join(own, 'cgroup.subtree_control'), needed.map((name) => `+${name}`).join(' '));
    return true;
  } catch (error) {
    writeIfThere(join(own, 'cgroup.procs'), process.pid);
    removeGroup(leaf);
    throw error;
  }
}

function parentIn(own: string, leaf: string | null): GroupParent {
  return {
    kind: 'cgroup-v2',
    create: numberGroups((name, limits) => createGroup(join(own, name), limits)),
    close: () => {
      if (leaf !== null) {
        writeIfThere(join(own, 'cgroup.subtree_control'), needed.map((name) => `-${name}`).join(' '));
        writeIfThere(join(own, 'cgroup.procs'), process.pid);
        removeGroup(leaf);
      }
    },
  };
}

function createGroup(path: string, limits: GroupLimits): Group {
  const limit = ({ memoryBytes, processes }: GroupLimits) => {
    write(join(path, 'memory.max'), memoryBytes);
    writeIfThere(join(path, 'memory.swap.max'), 0);
    write(join(path, 'pids.max'), processes);
  };
  mkdirSync(path);
  limit(limits);
  return {
    entrances: [join(path, 'cgroup.procs')],
    limit,
    read: () => {
      const memoryBytes = readNumber(join(path, 'memory.current'));
      return {
        cpuMs: readField(join(path, 'cpu.stat'), 'usage_usec') / 1000,
        memoryBytes,
        peakMemoryBytes: peak(join(path, 'memory.peak'), memoryBytes),
        ...attribute({
          oomKills: readField(join(path, 'memory.events'), 'oom_kill'),
          atMemoryBound: readField(join(path, 'memory.events'), 'oom') > 0,
          refusedForks: readFieldIfThere(join(path, 'pids.events'), 'max'),
          atProcessBound: wasAtProcessBound(path),
        }),
      };
    },
    members: () => readPids(join(path, 'cgroup.procs')),
    remove: () => removeGroup(path),
  };
}

/** Kernels before 5.19 keep no peak: then it is what is in use. */
function peak(path: string, current: number): number {
  try {
    return readNumber(path);
  } catch {
    return current;
  }
}
