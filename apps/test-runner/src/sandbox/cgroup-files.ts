import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './scratch.ts';

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

/** Removes the empty groups `<prefix><pid>-…` of runners that are no more. */
export function removeStaleGroups(directory: string, prefix: string): void {
  for (const name of readdirSync(directory)) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isSafeInteger(owner) && !isAlive(owner)) {
      removeGroup(join(directory, name));
    }
  }
}
