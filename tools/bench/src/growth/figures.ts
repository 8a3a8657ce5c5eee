import { plotSeries } from '../plot.ts';
import { number } from '../table.ts';

/** What a query cost on tables of so many rows: the most that any of its calls did. */
export interface QueryCost {
  readonly query: string;
  readonly rows: number;
  /** In Postgres, of the fastest of a few runs. */
  readonly ms: number;
  /** Pages of 8 KiB that it touched. */
  readonly pages: number;
}

/** A query's costs, the smallest tables first, and how much its pages grew with the last step. */
export interface Growth {
  readonly query: string;
  readonly costs: readonly QueryCost[];
  readonly factor: number;
}

/** Of so few pages, read in less than a millisecond, some more are levels of trees and no growth. */
const PAGES_LEAST = 256;
/** How much faster than the logarithm of the rows: a tree grows by whole levels. */
const SLACK = 1.5;
const PLOTTED = 12;

/** What each query's costs are, the fastest growing first. */
export function growthOf(costs: readonly QueryCost[]): Growth[] {
  return [...Map.groupBy(costs, ({ query }) => query)]
    .map(([query, each]) => {
      const sorted = each.toSorted((a, b) => a.rows - b.rows);
      const [before, last] = [sorted.at(-2) ?? sorted[0]!, sorted.at(-1)!];
      return { query, costs: sorted, factor: last.pages / Math.max(before.pages, PAGES_LEAST) };
    })
    .toSorted((a, b) => b.factor - a.factor);
}

/** Queries whose pages grew faster than the logarithm of the rows from the last size but one to the last. */
export function fasterThanLogarithm(growths: readonly Growth[]): Growth[] {
  return growths.filter(({ costs, factor }) => {
    const [before, last] = [costs.at(-2) ?? costs[0]!, costs.at(-1)!];
    return factor > (SLACK * Math.log(last.rows)) / Math.log(before.rows);
  });
}

const shown = (rows: number): string => rows.toLocaleString('en');

/** Pages and milliseconds of each query by the size of the tables. */
export function growthTable(growths: readonly Growth[]): string {
  const sizes = growths[0]?.costs.map(({ rows }) => rows) ?? [];
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(44)}${cells.map((cell) => cell.padStart(18)).join('')}`;
  const head = line(
    'pages, ms, by rows a table',
    sizes.map((rows) => shown(rows)),
  );
  const lines = growths.map(({ query, costs, factor }) =>
    line(query, [...costs.map(({ pages, ms }) => `${pages}, ${number(ms)}`), `× ${number(factor)}`]),
  );
  return [head, ...lines].join('\n');
}

/** An SVG of how long the slowest queries take by the size of the tables. */
export function plotGrowth(growths: readonly Growth[], title: string): string {
  const slowest = growths.toSorted((a, b) => b.costs.at(-1)!.ms - a.costs.at(-1)!.ms).slice(0, PLOTTED);
  const series = slowest.map(({ query, costs }, index) => ({
    name: query,
    colour: index,
    dashed: index >= PLOTTED / 2,
    points: costs.map(({ rows, ms }) => [rows, Math.max(ms, 0.001)] as const),
  }));
  return plotSeries(series, { title, x: 'rows a table', base: 10 });
}
