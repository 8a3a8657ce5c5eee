import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fasterThanLogarithm, growthOf, growthTable, plotGrowth, type QueryCost } from './figures.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const costsOf = (query: string, pagesOf: (rows: number) => number): QueryCost[] =>
  SIZES.map((rows) => ({ query, rows, ms: pagesOf(rows) / 100, pages: Math.round(pagesOf(rows)) }));
const namesOf = (costs: readonly QueryCost[]) =>
  fasterThanLogarithm(growthOf(costs)).map(({ query }) => query);

test('a query that touches pages by the logarithm of the rows does not grow too fast, whatever it begins with', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), (factor) => {
      expect(namesOf(costsOf('logarithm', (rows) => factor * Math.log(rows)))).toEqual([]);
    }),
  );
});

test('a query that touches pages by the square root of the rows grows too fast, once they are more than a few', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 100 }), (factor) => {
      expect(namesOf(costsOf('root', (rows) => factor * Math.sqrt(rows)))).toEqual(['root']);
    }),
  );
});

test('the table names every query with what it costs by size, the fastest growing first', () => {
  const costs = [...costsOf('level', () => 5), ...costsOf('linear', (rows) => rows / 100)];
  const [head, first, second] = growthTable(growthOf(costs.toReversed())).split('\n');
  expect(head).toMatch(/10,000 +100,000 +1,000,000$/);
  expect(first).toMatch(/^linear +100, 1\.00 +1000, 10\.0 +10000, 100 +× 10\.0$/);
  expect(second).toMatch(/^level +5, 0\.050 +5, 0\.050 +5, 0\.050 +× 0\.020$/);
});

test('the plot has a line for each query over the sizes of the tables', () => {
  const svg = plotGrowth(
    growthOf([...costsOf('level', () => 5), ...costsOf('<linear>', (rows) => rows)]),
    'Growth',
  );
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  expect(svg).toContain('&lt;linear&gt;');
  expect(svg).toContain('rows a table');
});
