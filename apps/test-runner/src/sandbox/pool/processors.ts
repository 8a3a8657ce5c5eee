import { readFileSync } from 'node:fs';

/** The processors that this process may use, by their numbers. */
export function allowedProcessors(status: string = readFileSync('/proc/self/status', 'latin1')): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '0';
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** The processor that is in use the least, the first of them where several are. */
export function leastUsed(processors: readonly number[], inUse: readonly number[]): number {
  const uses = (processor: number): number => inUse.filter((each) => each === processor).length;
  return processors.reduce((best, each) => (uses(each) < uses(best) ? each : best), processors[0] ?? 0);
}

/** Takes out of `candidates` the one whose processor is in use the least; undefined where there is none. */
export function takeLeastUsed<T extends { readonly processor: number }>(
  candidates: Iterable<T>,
  inUse: readonly number[],
): T | undefined {
  const all = [...candidates];
  const processor = leastUsed(
    all.map((each) => each.processor),
    inUse,
  );
  return all.find((each) => each.processor === processor);
}
