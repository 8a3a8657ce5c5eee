import { readFileSync } from 'node:fs';
import { findLeftovers } from './leftovers.ts';

/** Processes of this runner that run a harness: interpreters that wait, or have just been let go. */
export function waitingInterpreters(): number[] {
  return findLeftovers().processes.filter((pid) => {
    try {
      return /\0\/runtime\/harness\./.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
    } catch {
      return false;
    }
  });
}
