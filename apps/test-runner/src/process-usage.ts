import { readFileSync } from 'node:fs';

const pageBytes = 4_096;
const ticksPerSecond = 100;

/** The process's resident memory in bytes; 0 when it is gone, or where there is no /proc. */
export function readRssBytes(pid: number): number {
  return (Number(read(`/proc/${pid}/statm`).split(' ')[1]) || 0) * pageBytes;
}

/** The processor time that the process has used, all threads together, in ms; 0 where that cannot be read. */
export function readCpuMs(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // The name, in parentheses, may hold spaces; what follows it does not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) || 0) + (Number(fields[12]) || 0)) * (1_000 / ticksPerSecond);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
