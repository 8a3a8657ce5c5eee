import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { openFiles } from '../bwrap/bubblewrap.ts';

/** What the processes of one sandbox use together. */
export interface TreeUsage {
  /** Threads of all processes but the first. */
  readonly tasks: number;
  /** Resident pages with those shared counted once for each, and page tables, which are in no RSS. */
  readonly residentBytes: number;
  readonly cpuMs: number;
  /** Open descriptors: the buffers behind them are memory of no process. */
  readonly descriptors: number;
}

/** USER_HZ, which Linux has fixed at 100 for programs. */
const msPerTick = 10;

const kibibyte = 1024;

/** The sandbox's own process list: its namespace and no other, seen through its read-only root. */
const listing = (initPid: number) => `/proc/${initPid}/root/proc`;

/** Adds up the sandbox's processes. A process that ends meanwhile is left out. Throws when it is not visible. */
export function readTree(initPid: number): TreeUsage {
  const root = listing(initPid);
  let [tasks, residentBytes, ticks, descriptors] = [0, 0, initTicks(initPid), 0];
  for (const pid of processIds(root)) {
    try {
      const status = readFileSync(`${root}/${pid}/status`, 'latin1');
      tasks += Math.max(1, field(status, 'Threads'));
      residentBytes += (field(status, 'VmRSS') + field(status, 'VmPTE') + field(status, 'VmSwap')) * kibibyte;
      ticks += cpuTicks(readFileSync(`${root}/${pid}/stat`, 'latin1'));
      descriptors += isDead(status) ? 0 : countDescriptors(`${root}/${pid}/fd`);
    } catch {
      // It ended while it was looked at.
    }
  }
  return { tasks, residentBytes, cpuMs: ticks * msPerTick, descriptors };
}

/** Memory with each shared page counted once, and page tables. What cannot be read counts as resident. */
export async function readProportional(initPid: number): Promise<number> {
  const root = listing(initPid);
  const each = processIds(root).map(async (pid) => {
    try {
      const [rollup, status] = await Promise.all([
        readFile(`${root}/${pid}/smaps_rollup`, 'latin1'),
        readFile(`${root}/${pid}/status`, 'latin1'),
      ]);
      return (field(rollup, 'Pss') + field(rollup, 'SwapPss') + field(status, 'VmPTE')) * kibibyte;
    } catch {
      return residentOf(`${root}/${pid}/status`);
    }
  });
  return (await Promise.all(each)).reduce((sum, bytes) => sum + bytes, 0);
}

/** Usage of the sandbox's tmpfs file systems, which are memory. */
export interface DiskUsage {
  /** In /tmp. */
  readonly bytes: number;
  /** In /dev/shm, which has a size of its own. */
  readonly sharedBytes: number;
  readonly files: number;
}

/** Throws when they are not visible. */
export function readDisk(initPid: number): DiskUsage {
  const [disk, shared] = ['tmp', 'dev/shm'].map((path) =>
    readFileSystem(`/proc/${initPid}/root/${path}`),
  ) as [ReturnType<typeof readFileSystem>, ReturnType<typeof readFileSystem>];
  return { bytes: disk.bytes, sharedBytes: shared.bytes, files: disk.files + shared.files };
}

function readFileSystem(path: string): { bytes: number; files: number } {
  const { bsize, blocks, bfree, files, ffree } = statfsSync(path);
  // The directory itself is a file.
  return { bytes: (blocks - bfree) * bsize, files: Math.max(0, files - ffree - 1) };
}

function processIds(root: string): string[] {
  return readdirSync(root).filter((name) => /^\d+$/.test(name) && name !== '1');
}

function residentOf(statusPath: string): number {
  try {
    return field(readFileSync(statusPath, 'latin1'), 'VmRSS') * kibibyte;
  } catch {
    return 0;
  }
}

/** CPU time of the children that the first process has reaped. */
function initTicks(initPid: number): number {
  return cpuTicks(readFileSync(`/proc/${initPid}/stat`, 'latin1'));
}

/** utime, stime and those of reaped children: fields 14 to 17, after a name that may hold anything. */
function cpuTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
}

function field(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

/** A zombie: it has no memory and no descriptors any more. */
function isDead(status: string): boolean {
  return /^State:\s*[ZX]/m.test(status);
}

/** A process that does not let its descriptors be seen is taken to have all that it may have. */
function countDescriptors(path: string): number {
  try {
    return readdirSync(path).length;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? openFiles : 0;
  }
}
