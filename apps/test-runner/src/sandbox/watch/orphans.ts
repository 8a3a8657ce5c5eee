import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { killEach } from './kill.ts';

/** Polling interval. Normally everything that bwrap started has ended before it; only a killed bwrap leaves orphans. */
const graceMs = 20;

/**
 * Waits until a sandbox whose bwrap has ended is gone, and ends what is left. Killed while it builds, bwrap leaves a
 * child that waits for it for ever.
 *
 * @param find the processes that are left; may throw
 * @param gone when none is
 */
export async function endOrphans(find: () => number[], gone: Promise<unknown>): Promise<void> {
  while (!(await Promise.race([gone.then(() => true), delay(graceMs, false)]))) {
    killEach(find);
  }
}

/** The name that the kernel shows of a pipe of ours, which had one of its own in this runner's directory. */
export function nameOfPipe(fd: number): string {
  return readlinkSync(`/proc/self/fd/${fd}`);
}

/** Other processes that have a pipe open, of those whose descriptors this one may see. */
export function findHolders(pipe: string): number[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid && hasOpen(pid, pipe))
    .map(Number);
}

function hasOpen(pid: string, pipe: string): boolean {
  const directory = `/proc/${pid}/fd`;
  try {
    return readdirSync(directory).some((fd) => readlinkSync(`${directory}/${fd}`) === pipe);
  } catch {
    return false;
  }
}
