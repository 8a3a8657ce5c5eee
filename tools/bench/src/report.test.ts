import { describe, expect, test } from '@jest/globals';
import { compareRows, METRICS } from './compare.ts';
import type { Limits } from './limits/limit.ts';
import { plotLatencies } from './plot.ts';
import { comparisonTable, figuresTable, floorMs, limitsTable, memoryTable, number } from './table.ts';
import { parts, row, slice } from './testing/rows.ts';

const limit = (cpuMs: number | null) => ({ perSecond: 1_000, cpuMs, p50Ms: 1 });
const limits: Limits = {
  verify: limit(0.2),
  express: limit(0.1),
  select: limit(null),
  commit: limit(1),
  sandbox: null,
};

describe('the figures of a case', () => {
  test('the figures of a case are those of one request, whatever slice it was in', () => {
    const { figures } = row('this', 8, [slice(10, 1), slice(30, 2)]);
    expect(figures.count).toBe(40);
    expect(figures.perSecond).toBe(20);
    expect(figures.cpuMs.api).toBe(1.75);
    expect([figures.p50Ms, figures.slices.map(({ p50Ms }) => p50Ms)]).toEqual([2, [1, 2]]);
  });

  test('stand beside the least that the case could cost by the limits, which is unknown where a limit is', () => {
    expect(floorMs({ express: 1, verify: 2 }, limits)).toBeCloseTo(0.5);
    expect([floorMs({ select: 1 }, limits), floorMs({}, limits)]).toEqual([null, null]);
    const text = figuresTable([row('this', 8, [slice(10, 1)])], limits, false);
    // Six parts of 1 ms each, of which the supervisor is none.
    expect(text).toMatch(/signed GET <1> × 8 .* 6\.00 +0\.500 +12\.0 ×/);
    expect(limitsTable(limits, null)).toMatch(/bubblewrap, start to end +– +– +– +–/);
  });

  test('the figures of a case have three significant digits in a table, and a dash where there is no number', () => {
    const shown = [0.12345, 1.2345, 12.345, 123.45, 12_345.6, 0, Number.NaN, null].map(number);
    expect(shown).toEqual(['0.123', '1.23', '12.3', '123', '12346', '0', '–', '–']);
  });
});

test('memory that grows by a MiB a minute is told so, services over 256 MiB too, and a short case tells nothing of it', () => {
  const slices = Array.from({ length: 20 }, (_, index) => ({
    ...slice(1, 1),
    memoryMib: parts(100 + index / 60),
  }));
  expect(memoryTable([row('this', 8, slices)])).toContain('api 100 → 100 MiB, at most 100, 1.00 a minute');
  expect(memoryTable([row('this', 8, slices.slice(0, 5))])).toBeNull();
  const large = slices.map((one) => ({ ...one, memoryMib: parts(257) }));
  expect(memoryTable([row('this', 8, large)])?.match(/OVER 256/g)).toHaveLength(2);
});

describe('a comparison', () => {
  test('a comparison has the ratio of each case that both have, with its spread over the slices', () => {
    const after = [row('this', 8, [slice(10, 1), slice(10, 3)]), row('this', 32, [slice(10, 1)])];
    const before = [row('before', 8, [slice(5, 2), slice(10, 4)])];
    const [one, ...others] = compareRows(after, before);
    expect(others).toEqual([]);
    const byTitle = new Map(METRICS.map(({ title }, index) => [title, one?.ratios[index]]));
    expect(byTitle.get('api CPU')).toEqual({ median: 0.625, least: 0.5, most: 0.75 });
    expect(byTitle.get('per s')).toEqual({ median: 1.5, least: 1, most: 2 });
    expect(byTitle.get('SQL api')).toEqual({ median: 1, least: 1, most: 1 });
    expect(comparisonTable([one!])).toContain('0.63 × (0.50–0.75)');
  });
});

describe('the plot', () => {
  test('the plot has a median and a 95th percentile for each case and subject that met several loads', () => {
    const rows = ['this', 'before'].flatMap((subject) =>
      [1, 8, 128].map((load) => row(subject, load, [slice(4, load)])),
    );
    const svg = plotLatencies(rows, 'title & more') ?? '';
    expect(svg.match(/<polyline/g)).toHaveLength(4);
    expect(svg).toContain('signed GET &lt;1&gt;, before: p95');
    expect(svg).toContain('title &amp; more');
    expect(svg).not.toContain('NaN');
  });

  test('the plot is none where nothing was measured under two loads', () => {
    expect(plotLatencies([row('this', 8, [slice(1, 1)])], '')).toBeNull();
  });
});
