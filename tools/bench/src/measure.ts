import type { Taken } from './load.ts';
import { difference, PARTS, type PerPart, readCpuMs, readMemoryMib } from './processes.ts';
import type { Case, Idle } from './scenario.ts';
import type { StackUnderTest } from './stack-under-test.ts';
import type { StatementCount } from './statements.ts';
import { quantile, sum } from './statistics.ts';

/** One slice of one case: what was done and what each part of the stack used meanwhile. */
export interface Slice {
  readonly count: number;
  readonly refused: number;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  /** For all of it. */
  readonly cpuMs: PerPart;
  /** At the end of the slice. */
  readonly memoryMib: PerPart;
}

/** Figures of a case, each for one request, job or event. */
export interface Figures {
  readonly count: number;
  /** Answered 503, and not in the count. */
  readonly refused: number;
  readonly seconds: number;
  readonly cpuMs: PerPart;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly memoryMib: PerPart;
  /** Null where they cannot be counted. */
  readonly statements: StatementCount | null;
  /** The same by slice, in order, so that two subjects can be compared pair by pair. */
  readonly slices: readonly SliceFigures[];
}

export interface SliceFigures {
  readonly cpuMs: PerPart;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly memoryMib: PerPart;
}

const perPart = (value: (part: (typeof PARTS)[number]) => number): PerPart =>
  Object.fromEntries(PARTS.map((part) => [part, value(part)])) as unknown as PerPart;

/** What a stack uses by itself. Each second of a run has it too: the CPU of a case is told with it, its statements without. */
export async function measureIdle(stack: StackUnderTest, seconds: number): Promise<Idle> {
  await stack.statements?.begin();
  const before = readCpuMs(stack.pid);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const used = difference(readCpuMs(stack.pid), before);
  const counted = (await stack.statements?.end()) ?? null;
  return {
    cpuMs: perPart((part) => used[part] / seconds),
    statements:
      counted === null ? null : { api: counted.api / seconds, dispatcher: counted.dispatcher / seconds },
  };
}

/** The first run of a case: its code is compiled, its pages are read, and its statements are counted, but for those of an idle stack; and Postgres looks at what it wrote. */
export async function warmUp(
  one: Case,
  stack: StackUnderTest,
  idle: Idle,
  seconds: number,
): Promise<StatementCount | null> {
  await stack.statements?.begin();
  const taken = await one.run(seconds);
  const counted = (await stack.statements?.end()) ?? null;
  await stack.analyze();
  if (counted === null) return null;
  const each = (service: keyof StatementCount) => {
    const idly = (idle.statements?.[service] ?? 0) * taken.seconds;
    return Math.max(0, counted[service] - idly) / taken.latenciesMs.length;
  };
  return { api: each('api'), dispatcher: each('dispatcher') };
}

export async function measureSlice(one: Case, stack: StackUnderTest, seconds: number): Promise<Slice> {
  const before = readCpuMs(stack.pid);
  const taken: Taken = await one.run(seconds);
  const cpuMs = difference(readCpuMs(stack.pid), before);
  return { ...taken, count: taken.latenciesMs.length, cpuMs, memoryMib: readMemoryMib(stack.pid) };
}

/** Sums up the slices of a case: the costs of all by the count of all, the latencies of all together. */
export function summarize(slices: readonly Slice[], statements: StatementCount | null): Figures {
  const count = sum(slices.map((slice) => slice.count));
  const seconds = sum(slices.map((slice) => slice.seconds));
  const latencies = slices.flatMap((slice) => [...slice.latenciesMs]);
  return {
    count,
    refused: sum(slices.map((slice) => slice.refused)),
    seconds,
    cpuMs: perPart((part) => sum(slices.map((slice) => slice.cpuMs[part])) / count),
    perSecond: count / seconds,
    p50Ms: quantile(latencies, 0.5),
    p95Ms: quantile(latencies, 0.95),
    p99Ms: quantile(latencies, 0.99),
    memoryMib: perPart((part) => Math.max(...slices.map((slice) => slice.memoryMib[part]))),
    statements,
    slices: slices.map((slice) => ({
      cpuMs: perPart((part) => slice.cpuMs[part] / slice.count),
      perSecond: slice.count / slice.seconds,
      p50Ms: quantile(slice.latenciesMs, 0.5),
      p95Ms: quantile(slice.latenciesMs, 0.95),
      memoryMib: slice.memoryMib,
    })),
  };
}
