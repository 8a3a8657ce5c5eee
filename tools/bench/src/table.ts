import { type Comparison, METRICS } from './compare.ts';
import { LIMITS, type LimitName, type Limits } from './limits/limit.ts';
import { PARTS, type Part } from './processes.ts';
import type { Row } from './run-scenario.ts';
import type { Floor } from './scenario.ts';
import { type Ratio, slope, sum } from './statistics.ts';

const LIMIT_TITLES: Readonly<Record<LimitName, string>> = {
  verify: 'Ed25519 verify',
  express: 'bare Express request',
  select: 'named select, one connection',
  commit: 'commit, one connection',
  sandbox: 'bubblewrap, start to end',
};
/** What `npm start` itself does is nobody's request. */
export const SHOWN_PARTS = PARTS.filter((part) => part !== 'supervisor');
const NAME_WIDTH = 40;
const SUBJECT_WIDTH = 7;
const MEMORY_SLICES_LEAST = 10;
/** Half of what a container of the api or the dispatcher has. */
const SERVICE_MIB_MOST = 256;
const SERVICES: readonly Part[] = ['api', 'dispatcher'];
const SECONDS_PER_MINUTE = 60;

/** Three significant digits, or – for what was not measured. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(3, digits));
}

interface Column<T> {
  readonly title: string;
  readonly width: number;
  readonly text: (row: T) => string;
}

const left = (text: string, width: number): string => text.slice(0, width).padEnd(width);

function lineOf<T>(columns: readonly Column<T>[], row: T): string {
  return columns.map(({ text, width }) => text(row).padStart(width)).join('');
}

const titlesOf = <T>(columns: readonly Column<T>[]): string =>
  columns.map(({ title, width }) => title.padStart(width)).join('');

/** The machine's own limits, at the start of the run and, where they were measured again, at its end. */
export function limitsTable(start: Limits, end: Limits | null): string {
  const head = ['per s', 'CPU ms', 'p50 ms', 'at the end'].map((title) => title.padStart(11)).join('');
  const lines = LIMITS.map((name) => {
    const [first, last] = [start[name], end?.[name]];
    const cells = [first?.perSecond, first?.cpuMs, first?.p50Ms, last?.perSecond];
    return `${left(LIMIT_TITLES[name], NAME_WIDTH)}${cells.map((cell) => number(cell).padStart(11)).join('')}`;
  });
  return [`${left('this machine can at the best', NAME_WIDTH)}${head}`, ...lines].join('\n');
}

/** CPU ms that a case costs on this machine at the least: so many of each limit. Null when one of them is not known. */
export function floorMs(floor: Floor, limits: Limits): number | null {
  const parts = Object.entries(floor) as [keyof Floor, number][];
  const costs = parts.map(([name, times]) => times * (limits[name]?.cpuMs ?? Number.NaN));
  const total = sum(costs);
  return costs.length > 0 && Number.isFinite(total) ? total : null;
}

const allCpuMs = ({ figures }: Row): number => sum(SHOWN_PARTS.map((part) => figures.cpuMs[part]));

function columnsOf(limits: Limits): Column<Row>[] {
  const part = (name: Part): Column<Row> => ({
    title: name,
    width: Math.max(9, name.length + 2),
    text: ({ figures }) => number(figures.cpuMs[name]),
  });
  const column = (title: string, width: number, value: (row: Row) => number | null | undefined) => ({
    title,
    width,
    text: (row: Row) => number(value(row)),
  });
  const times = (row: Row): string => {
    const floor = floorMs(row.floor, limits);
    return floor === null ? '–' : `${number(allCpuMs(row) / floor)} ×`;
  };
  return [
    ...SHOWN_PARTS.map(part),
    column('all', 8, allCpuMs),
    column('floor', 8, (row) => floorMs(row.floor, limits)),
    { title: 'of it', width: 9, text: times },
    column('SQL api', 9, ({ figures }) => figures.statements?.api),
    column('disp.', 7, ({ figures }) => figures.statements?.dispatcher),
    column('per s', 9, ({ figures }) => figures.perSecond),
    column('p50 ms', 8, ({ figures }) => figures.p50Ms),
    column('p95 ms', 8, ({ figures }) => figures.p95Ms),
    column('p99 ms', 8, ({ figures }) => figures.p99Ms),
    column('api MiB', 9, ({ figures }) => figures.memoryMib.api),
  ];
}

const caseName = ({ label, load, unit }: Pick<Row, 'label' | 'load' | 'unit'>): string =>
  `${label} × ${load}${unit === 'request' ? '' : ` (${unit})`}`;

/** A line per case and subject: CPU ms of each request, job or event by process, then statements, rates and latencies. */
export function figuresTable(rows: readonly Row[], limits: Limits, withSubjects: boolean): string {
  const columns = columnsOf(limits);
  const subject = (text: string) => (withSubjects ? ` ${left(text, SUBJECT_WIDTH)}` : '');
  const head = `${left('CPU ms by process', NAME_WIDTH)}${subject('')}${titlesOf(columns)}`;
  const lines = rows.map((row) => {
    const { refused } = row.figures;
    const notes = [refused > 0 ? `${refused} REFUSED (503)` : null, row.note].filter((note) => note !== null);
    const note = notes.length > 0 ? `  ${notes.join(', ')}` : '';
    return `${left(caseName(row), NAME_WIDTH)}${subject(row.subject)}${lineOf(columns, row)}${note}`;
  });
  return [head, ...lines].join('\n');
}

/** How the memory of a case with many slices went: the first, the last, and its growth over the second half. */
export function memoryTable(rows: readonly Row[]): string | null {
  const long = rows.filter(({ figures }) => figures.slices.length >= MEMORY_SLICES_LEAST);
  if (long.length === 0) return null;
  const lines = long.map((row) => {
    const { slices } = row.figures;
    const minutes = row.figures.seconds / slices.length / SECONDS_PER_MINUTE;
    const cells = SHOWN_PARTS.map((part) => {
      const mib = slices.map(({ memoryMib }) => memoryMib[part]);
      const growth = slope(
        mib.map((value, index) => [index * minutes, value] as const).slice(mib.length / 2),
      );
      const most = Math.max(...mib);
      const over = SERVICES.includes(part) && most > SERVICE_MIB_MOST ? ` (OVER ${SERVICE_MIB_MOST})` : '';
      return `${part} ${number(mib[0])} → ${number(mib.at(-1))} MiB, at most ${number(most)}${over}, ${growth.toFixed(2)} a minute`;
    });
    return `${caseName(row)}, ${row.subject}: ${cells.join('; ')}`;
  });
  return ['memory, and its growth in the second half', ...lines].join('\n');
}

function ratioText(ratio: Ratio | null): string {
  if (ratio === null) return '–';
  return `${ratio.median.toFixed(2)} × (${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)})`;
}

/** What this checkout is of the one before, case by case: the median of the slices' ratios, and the least and the most. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const width = 21;
  const head = METRICS.map(({ title }) => title.padStart(width)).join('');
  const lines = comparisons.map((one) => {
    const cells = one.ratios.map((ratio) => ratioText(ratio).padStart(width)).join('');
    return `${left(caseName(one), NAME_WIDTH)}${cells}`;
  });
  return [`${left('this, of the one before', NAME_WIDTH)}${head}`, ...lines].join('\n');
}
