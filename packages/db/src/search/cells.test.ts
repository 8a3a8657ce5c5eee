import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundRuns, listCellRuns, needsBound, type Term } from './cells.ts';

const RUNS = listCellRuns({});
/** As many listings in each run as in any other. */
const SHARES = Object.fromEntries(RUNS.map(({ first }) => [first, 1 / RUNS.length]));
const termsOf = (counts: readonly number[]): Term[] =>
  counts.map((listings, index) => ({ forms: [`word${index}`], listings }));

test('terms that are rare, or one alone, are looked for in all cells', () => {
  for (const counts of [[20_000_000], [7, 20_000_000], [16_000, 400_000, 900_000]])
    expect([counts, needsBound(termsOf(counts))]).toEqual([counts, false]);
});

test('terms that are common each are looked for in the best cells, at a cost that no market makes larger', () => {
  const many = fc.array(fc.integer({ min: 0, max: 50_000_000 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(many, (counts) => {
      const terms = termsOf(counts);
      const read = boundRuns(RUNS, terms, SHARES);
      expect(read).toEqual(RUNS.slice(0, read.length));
      const each = (counts.length * Math.min(...counts)) / RUNS.length;
      expect((read.length - 1) * each).toBeLessThanOrEqual(50_000 * 1.000001);
      if (!needsBound(terms)) expect(read).toEqual(RUNS);
    }),
  );
});

test('cells that were never sampled are looked for whole', () => {
  expect(boundRuns(RUNS, termsOf([9_000_000, 9_000_000]), {})).toEqual(RUNS);
});
