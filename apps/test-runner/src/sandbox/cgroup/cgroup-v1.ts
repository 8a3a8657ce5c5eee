import { mkdirSync } from 'node:fs';
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
  canMakeGroup,
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

/** What a group's peak may be below its bound when the kernel finds no more room: a huge page. */
const boundMargin = 2 * 1024 * 1024;

/** Version 1 has a hierarchy per controller. Only memory is indispensable: the others make it exact. */
interface Directories {
  readonly memory: string;
  readonly pids: string | null;
  readonly cpuacct: string | null;
}

/** Groups of version 1 below this process's own, when its memory controller is writable. */
export function findVersion1(
  hierarchies: readonly Hierarchy[],
): { parent: GroupParent } | { reason: string } {
  const probe = `${groupPrefix}${process.pid}-probe`;
  const writable = (controller: string) => {
    const found = hierarchies.find((h) => h.version === 1 && h.controllers.includes(controller));
    return found !== undefined && canMakeGroup(found.ownPath, probe) ? found.ownPath : null;
  };
  const memory = writable('memory');
  if (memory === null) {
    return { reason: 'the cgroup v1 memory controller is absent or not writable' };
  }
  const directories = { memory, pids: writable('pids'), cpuacct: writable('cpuacct') };
  const all = new Set(Object.values(directories).filter((path) => path !== null));
  for (const directory of all) {
    removeStaleGroups(directory, groupPrefix);
  }
  const create = numberGroups((name, limits) => createGroup(directories, name, limits));
  return { parent: { kind: 'cgroup-v1', create, close: () => undefined } };
}

/** Kernels count in failcnt how often a group met its bound, but not all where the bound on swap was met first. */
function wasAtMemoryBound(memory: string): boolean {
  const read = (name: string) => readNumber(join(memory, `memory.${name}`));
  return read('failcnt') > 0 || read('max_usage_in_bytes') > read('limit_in_bytes') - boundMargin;
}

function createGroup(parents: Directories, name: string, limits: GroupLimits): Group {
  const memory = join(parents.memory, name);
  const pids = parents.pids === null ? null : join(parents.pids, name);
  const cpuacct = parents.cpuacct === null ? null : join(parents.cpuacct, name);
  // Controllers that are mounted together share one directory.
  const all = [...new Set([memory, pids, cpuacct].filter((path) => path !== null))];
  const limit = ({ memoryBytes, processes }: GroupLimits) => {
    write(join(memory, 'memory.limit_in_bytes'), memoryBytes);
    writeIfThere(join(memory, 'memory.memsw.limit_in_bytes'), memoryBytes);
    if (pids !== null) {
      write(join(pids, 'pids.max'), processes);
    }
  };
  for (const path of all) {
    mkdirSync(path);
  }
  writeIfThere(join(memory, 'memory.swappiness'), 0);
  limit(limits);
  return {
    // A thread that moves itself needs no lock; moving another process stops all forks of the machine for 10 ms.
    entrances: all.map((path) => join(path, 'tasks')),
    limit,
    read: () => ({
      cpuMs: cpuacct === null ? null : readNumber(join(cpuacct, 'cpuacct.usage')) / 1e6,
      memoryBytes: readNumber(join(memory, 'memory.usage_in_bytes')),
      peakMemoryBytes: readNumber(join(memory, 'memory.max_usage_in_bytes')),
      ...attribute({
        oomKills: readField(join(memory, 'memory.oom_control'), 'oom_kill'),
        atMemoryBound: wasAtMemoryBound(memory),
        refusedForks: pids === null ? 0 : readFieldIfThere(join(pids, 'pids.events'), 'max'),
        atProcessBound: pids !== null && wasAtProcessBound(pids),
      }),
    }),
    members: () => [...new Set(all.flatMap((path) => readPids(join(path, 'cgroup.procs'))))],
    remove: () => all.map(removeGroup).every(Boolean),
  };
}
