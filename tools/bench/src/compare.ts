import type { Figures, SliceFigures } from './measure.ts';
import type { Row } from './run-scenario.ts';
import { type Ratio, ratioOf, sum } from './statistics.ts';

/** What is compared, in the order in which it is shown. Statements are counted once, so that their ratio has no spread. */
export const METRICS: readonly {
  readonly title: string;
  readonly values: (figures: Figures) => readonly number[];
}[] = [
  { title: 'api CPU', values: bySlice(({ cpuMs }) => cpuMs.api) },
  { title: 'postgres CPU', values: bySlice(({ cpuMs }) => cpuMs.postgres) },
  {
    title: 'all CPU',
    values: bySlice(({ cpuMs: { supervisor: _, ...parts } }) => sum(Object.values(parts))),
  },
  { title: 'SQL api', values: ({ statements }) => (statements === null ? [] : [statements.api]) },
  { title: 'per s', values: bySlice(({ perSecond }) => perSecond) },
  { title: 'p50', values: bySlice(({ p50Ms }) => p50Ms) },
  { title: 'p95', values: bySlice(({ p95Ms }) => p95Ms) },
  { title: 'api MiB', values: bySlice(({ memoryMib }) => memoryMib.api) },
];

function bySlice(value: (slice: SliceFigures) => number) {
  return ({ slices }: Figures): readonly number[] => slices.map(value);
}

export interface Comparison extends Pick<Row, 'scenario' | 'label' | 'load' | 'unit'> {
  /** In the order of METRICS. */
  readonly ratios: readonly (Ratio | null)[];
}

/** Compares the cases that both have. */
export function compareRows(after: readonly Row[], before: readonly Row[]): Comparison[] {
  return after.flatMap(({ scenario, label, load, unit, figures }) => {
    const other = before.find((row) => row.scenario === scenario && row.label === label && row.load === load);
    if (other === undefined) return [];
    const ratios = METRICS.map(({ values }) => ratioOf(values(figures), values(other.figures)));
    return [{ scenario, label, load, unit, ratios }];
  });
}
