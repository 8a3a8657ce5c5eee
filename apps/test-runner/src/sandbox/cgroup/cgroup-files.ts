import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../bwrap/scratch.ts';
import { killEach } from '../watch/kill.ts';
import type { GroupUsage } from './cgroup.ts';

/** The number in a control file that holds just one; `max` and the like are Infinity. */
export function readNumber(path: string): number {
  const value = Number(readFileSync(path, 'utf8').trim());
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

/** The number after `key` in a control file of `key value` lines, 0 when it is not there. */
export function readField(path: string, key: string): number {
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [name, value] = line.split(' ');
    if (name === key) {
      return Number(value);
    }
  }
  return 0;
}

/** The number after `key`, or 0 where the kernel has no such file. */
export function readFieldIfThere(path: string, key: string): number {
  try {
    return readField(path, key);
  } catch {
    return 0;
  }
}

/** What a kernel counts of a group, and whether the group ever was at the bound that would explain it. */
interface Seen {
  readonly oomKills: number;
  readonly atMemoryBound: boolean;
  readonly refusedForks: number;
  readonly atProcessBound: boolean;
}

/** Attributes OOM kills and refused forks to the group's own limits, or else to those of an ancestor. */
export function attribute(seen: Seen): Pick<GroupUsage, 'oomKills' | 'refusedForks' | 'isStarved'> {
  const { oomKills, atMemoryBound, refusedForks, atProcessBound } = seen;
  return {
    oomKills: atMemoryBound ? oomKills : 0,
    refusedForks: atProcessBound ? refusedForks : 0,
    isStarved: (oomKills > 0 && !atMemoryBound) || (refusedForks > 0 && !atProcessBound),
  };
}

/** Whether a group ever reached its limit on processes; assumed where the kernel (before 6.6) keeps no peak. */
export function wasAtProcessBound(path: string): boolean {
  try {
    return readNumber(join(path, 'pids.peak')) >= readNumber(join(path, 'pids.max'));
  } catch {
    return true;
  }
}

export function readPids(path: string): number[] {
  return readFileSync(path, 'utf8').split('\n').filter(Boolean).map(Number);
}

export function write(path: string, value: number | string): void {
  writeFileSync(path, String(value));
}

/** Writes a control file that some kernels lack. */
export function writeIfThere(path: string, value: number | string): void {
  try {
    write(path, value);
  } catch {
    // Without it another file of the same group bounds the same thing.
  }
}

/** True when the group is gone; false while the kernel still has something in it. */
export function removeGroup(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Whether groups can be made in `directory`: by making one. */
export function canMakeGroup(directory: string, name: string): boolean {
  try {
    mkdirSync(join(directory, name));
  } catch {
    return false;
  }
  return removeGroup(join(directory, name));
}

/** Removes the groups `<prefix><pid>-…` of runners that are no more, and ends what is still in them. */
export function removeStaleGroups(directory: string, prefix: string): void {
  for (const name of readdirSync(directory)) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isSafeInteger(owner) && !isAlive(owner)) {
      endGroup(join(directory, name));
    }
  }
}

/** Blocks the thread between tries: it runs at boot only, when nothing else needs the event loop. */
function endGroup(path: string): void {
  for (let tries = 0; tries < 40 && !removeGroup(path); tries += 1) {
    killEach(() => readPids(join(path, 'cgroup.procs')));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}
