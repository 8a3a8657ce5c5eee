import { readdirSync, readFileSync } from 'node:fs';

/** The parts of a stack whose cost is told apart; `supervisor` is the process of `npm start` itself. */
export const PARTS = ['api', 'postgres', 'dispatcher', 'runner', 'emulator', 'redis', 'supervisor'] as const;
export type Part = (typeof PARTS)[number];
export type PerPart = Readonly<Record<Part, number>>;

const TICK_MS = 10; // USER_HZ is 100 on every Linux that Node runs on.
const NS_PER_MS = 1e6;
const MIB_KB = 1_024;

/** How a part's first process is known by its command line; its descendants belong to it. */
const COMMANDS: readonly (readonly [Part, RegExp])[] = [
  ['api', /(?:apps\/api\/src|dist\/api)\/main\./],
  ['dispatcher', /(?:apps\/dispatcher\/src|dist\/dispatcher)\/main\./],
  ['runner', /(?:apps\/test-runner\/src|dist\/test-runner)\/main\./],
  ['emulator', /cloud-tasks-emulator\/src\/main\./],
  ['redis', /^redis-server/],
  ['postgres', /^\S*\/postgres -D/],
];

export interface StackProcess {
  readonly pid: number;
  readonly part: Part;
  /** Whether no ancestor of it belongs to the same part. */
  readonly first: boolean;
  /** What it and the children that it has waited for have used, in clock ticks. */
  readonly ticks: { readonly own: number; readonly reaped: number };
}

interface Stat {
  readonly ppid: number;
  readonly own: number;
  readonly reaped: number;
}

/** Text of a file below /proc; null when its process has ended. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** The fields of /proc/<pid>/stat after the name, which may contain anything. */
export function parseStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (index: number) => Number(fields[index]);
  return { ppid: at(1), own: at(11) + at(12), reaped: at(13) + at(14) };
}

/** Whether this system tells what its processes use. */
export function tellsUsage(): boolean {
  return read('/proc/self/stat') !== null;
}

/** Every process of the stack that `root` supervises. */
export function listStackProcesses(root: number): StackProcess[] {
  const stats = new Map<number, Stat>();
  const childrenOf = new Map<number, number[]>();
  for (const name of list('/proc')) {
    const pid = Number(name);
    const text = Number.isInteger(pid) ? read(`/proc/${name}/stat`) : null;
    if (text === null) continue;
    const stat = parseStat(text);
    stats.set(pid, stat);
    childrenOf.set(stat.ppid, [...(childrenOf.get(stat.ppid) ?? []), pid]);
  }
  const found: StackProcess[] = [];
  const visit = (pid: number, parent: Part): void => {
    const stat = stats.get(pid);
    if (stat === undefined) return;
    const part = parent === 'supervisor' && pid !== root ? partOf(pid) : parent;
    const first = pid === root || part !== parent;
    found.push({ pid, part, first, ticks: stat });
    for (const child of childrenOf.get(pid) ?? []) visit(child, part);
  };
  visit(root, 'supervisor');
  return found;
}

function partOf(pid: number): Part {
  const command = (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ');
  return COMMANDS.find(([, pattern]) => pattern.test(command))?.[0] ?? 'supervisor';
}

const nothing = (): Record<Part, number> => Object.fromEntries(PARTS.map((part) => [part, 0])) as never;

/** CPU time that each part has used since it began, ms: its living processes and those that they have waited for. */
export function readCpuMs(root: number): PerPart {
  const total = nothing();
  for (const { pid, part, ticks } of listStackProcesses(root)) {
    // The scheduler counts nanoseconds for living threads; the ticks know those that have ended too.
    const own = Math.max(ticks.own * TICK_MS, scheduledMs(pid));
    total[part] += own + ticks.reaped * TICK_MS;
  }
  return total;
}

function scheduledMs(pid: number): number {
  let ns = 0;
  for (const tid of list(`/proc/${pid}/task`)) {
    ns += Number((read(`/proc/${pid}/task/${tid}/schedstat`) ?? '0').split(' ', 1)[0]);
  }
  return ns / NS_PER_MS;
}

/** Resident memory of each part, MiB. Pages of files and shared memory count once for a part, not once a process. */
export function readMemoryMib(root: number): PerPart {
  const total = nothing();
  const shared = { RssFile: nothing(), RssShmem: nothing() };
  for (const { pid, part } of listStackProcesses(root)) {
    const status = read(`/proc/${pid}/status`) ?? '';
    const mib = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / MIB_KB;
    total[part] += mib('RssAnon');
    for (const field of ['RssFile', 'RssShmem'] as const)
      shared[field][part] = Math.max(shared[field][part], mib(field));
  }
  for (const part of PARTS) total[part] += shared.RssFile[part] + shared.RssShmem[part];
  return total;
}

/** What was used between two readings; never negative, as a process that ended between them may be rounded down. */
export function difference(after: PerPart, before: PerPart): PerPart {
  return Object.fromEntries(
    PARTS.map((part) => [part, Math.max(0, after[part] - before[part])]),
  ) as unknown as PerPart;
}
