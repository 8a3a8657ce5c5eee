import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Comparison, compareRows } from './compare.ts';
import type { Limits } from './limits/limit.ts';
import { measureLimits } from './limits/measure-limits.ts';
import { measureIdle } from './measure.ts';
import type { Options } from './options.ts';
import { plotLatencies } from './plot.ts';
import type { PerPart } from './processes.ts';
import type { Progress } from './progress.ts';
import { type Missing, type Row, runScenario } from './run-scenario.ts';
import type { Subject } from './scenario.ts';
import type { Subjects } from './subjects.ts';
import { comparisonTable, figuresTable, limitsTable, memoryTable, number, SHOWN_PARTS } from './table.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const LIMIT_SECONDS_MOST = 1;
const IDLE_SECONDS = 3;
const THIS = 'this';
const BEFORE = 'before';

/** What a run leaves: `--json` writes it, and `--compare` reads it. */
export interface Report {
  readonly startedAt: string;
  readonly machine: {
    readonly cpus: number;
    readonly model: string;
    readonly memoryGib: number;
    readonly node: string;
    readonly loadBefore: readonly number[];
    readonly loadAfter: readonly number[];
  };
  readonly limits: { readonly start: Limits; readonly end: Limits };
  /** CPU ms a second of each part while nobody asks for anything: when it has just started, and at the end. */
  readonly idle: PerPart;
  readonly idleAtEnd: PerPart;
  readonly rows: readonly Row[];
  readonly missing: readonly Missing[];
  readonly comparisons: readonly Comparison[];
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const loads = (values: readonly number[]): string => values.map((value) => value.toFixed(1)).join(' ');

/** Measures what the options choose, prints it as it comes, and writes the files. Throws when a stack does not start. */
export async function runBench(options: Options, subjects: Subjects, progress: Progress): Promise<Report> {
  const startedAt = new Date().toISOString();
  const loadBefore = loadavg();
  print(
    `${cpus().length} × ${cpus()[0]?.model}; Node ${process.version}; load ${loads(loadBefore)} before, from others too`,
  );
  const opened = await openSubjects(options, subjects, progress);
  const stack = opened[0]!.stack;
  progress.say('limits: what this machine can');
  const limitSeconds = Math.min(LIMIT_SECONDS_MOST, options.seconds);
  const start = await measureLimits(stack, limitSeconds);
  progress.clear();
  print(`\n${limitsTable(start, null)}`);
  const idle = opened[0]!.idle.cpuMs;
  print(`\n${idleLine('just started', idle)}`);
  const rows: Row[] = [];
  const missing: Missing[] = [];
  for (const scenario of options.chosen) {
    const outcome = await runScenario(scenario, opened, options.seconds, progress);
    subjects.closing.throwIfAborted();
    rows.push(...outcome.rows);
    missing.push(...outcome.missing);
    progress.clear();
    printOutcome(outcome, start, opened.length > 1);
  }
  progress.say('limits: once more');
  const end = await measureLimits(stack, limitSeconds);
  progress.clear();
  print(`\n${limitsTable(start, end)}`);
  const atEnd = await idleOf(opened, progress);
  const machine = describeMachine(loadBefore);
  const comparisons = compareRows(rows.filter(isOf(THIS)), beforeRows(options, rows));
  const report = {
    startedAt,
    machine,
    limits: { start, end },
    idle,
    idleAtEnd: atEnd,
    rows,
    missing,
    comparisons,
  };
  conclude(options, report);
  return report;
}

function describeMachine(loadBefore: readonly number[]): Report['machine'] {
  const [cpu] = cpus();
  return {
    cpus: cpus().length,
    model: cpu?.model ?? '',
    memoryGib: totalmem() / 2 ** 30,
    node: process.version,
    loadBefore,
    loadAfter: loadavg(),
  };
}

const idleLine = (when: string, used: PerPart): string =>
  `idle, ${when}, CPU ms a second: ${SHOWN_PARTS.map((part) => `${part} ${number(used[part])}`).join(', ')}`;

/** What stacks that have done their work use while nobody asks for anything; that of the first. */
async function idleOf(opened: readonly Subject[], progress: Progress): Promise<PerPart> {
  const used: PerPart[] = [];
  for (const { name, stack } of opened) {
    progress.say(`idle: ${name}`);
    const { cpuMs } = await measureIdle(stack, IDLE_SECONDS);
    used.push(cpuMs);
    progress.clear();
    print(idleLine(`at the end, ${name}`, cpuMs));
  }
  return used[0]!;
}

const isOf = (subject: string) => (row: Row) => row.subject === subject;

async function openSubjects(options: Options, subjects: Subjects, progress: Progress): Promise<Subject[]> {
  const { against } = options;
  const checkouts = [{ name: THIS, checkout: root }];
  if (against !== null && 'checkout' in against) checkouts.push({ name: BEFORE, checkout: against.checkout });
  const opened: Subject[] = [];
  for (const { name, checkout } of checkouts) {
    progress.say(`starting the stack: ${name}`);
    opened.push(await subjects.open(name, checkout, IDLE_SECONDS));
  }
  return opened;
}

function printOutcome(
  { rows, missing }: { rows: readonly Row[]; missing: readonly Missing[] },
  limits: Limits,
  withSubjects: boolean,
): void {
  if (rows.length > 0) print(`\n${figuresTable(rows, limits, withSubjects)}`);
  const memory = memoryTable(rows);
  if (memory !== null) print(memory);
  for (const { scenario, subject, label, reason, failed } of missing) {
    const what = [scenario, label, withSubjects ? subject : null].filter((part) => part !== null).join(', ');
    print(`${failed ? 'FAILED' : 'skipped'} ${what}: ${reason}`);
  }
}

/** The rows to compare with: the other checkout's, or those of the file. */
function beforeRows({ against }: Options, rows: readonly Row[]): readonly Row[] {
  if (against === null || 'checkout' in against) return rows.filter(isOf(BEFORE));
  return (JSON.parse(readFileSync(against.file, 'utf8')) as Report).rows.filter(isOf(THIS));
}

function conclude(options: Options, report: Report): void {
  if (report.comparisons.length > 0) print(`\n${comparisonTable(report.comparisons)}`);
  print(`\nload ${loads(report.machine.loadBefore)} before, ${loads(report.machine.loadAfter)} after`);
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(report, null, 1)}\n`);
  if (options.svg === null) return;
  const plot = plotLatencies(report.rows, `Latency against load, ${report.startedAt}`);
  if (plot === null) print('no plot: nothing was measured under two loads');
  else writeFileSync(options.svg, plot);
}
