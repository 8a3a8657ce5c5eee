import type { Row } from './run-scenario.ts';

const WIDTH = 900;
const HEIGHT = 560;
const MARGIN = { left: 70, right: 290, top: 40, bottom: 50 };
const COLOURS = ['#1b6ca8', '#c0392b', '#1e8449', '#8e44ad', '#b9770e', '#34495e', '#0e8074', '#a04000'];

export interface Series {
  readonly name: string;
  /** Series of the same number have the same colour. */
  readonly colour: number;
  readonly dashed: boolean;
  readonly points: readonly (readonly [x: number, ms: number])[];
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Median and 95th percentile over the load, for every case that was measured under more than one. */
function seriesOf(rows: readonly Row[]): Series[] {
  const groups = Map.groupBy(rows, ({ label, subject }) => `${label}, ${subject}`);
  return [...groups].flatMap(([name, group], colour) => {
    const sorted = group.toSorted((a, b) => a.load - b.load);
    if (new Set(sorted.map(({ load }) => load)).size < 2) return [];
    return [
      {
        name: `${name}: p50`,
        colour,
        dashed: false,
        points: sorted.map((row) => [row.load, row.figures.p50Ms] as const),
      },
      {
        name: `${name}: p95`,
        colour,
        dashed: true,
        points: sorted.map((row) => [row.load, row.figures.p95Ms] as const),
      },
    ];
  });
}

/** Maps values to pixels on a logarithmic axis from the power of ten, or of two, below the least to the one above the most. */
function axis(values: readonly number[], base: number, from: number, to: number) {
  const log = (value: number) => Math.log(value) / Math.log(base);
  const first = Math.floor(log(Math.min(...values)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(log(Math.max(...values)) - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => base ** (first + index));
  const at = (value: number) => from + ((log(value) - first) / (last - first)) * (to - from);
  return { at, ticks };
}

/** An SVG of latency against load, both logarithmic. Null when nothing was measured under two loads. */
export function plotLatencies(rows: readonly Row[], title: string): string | null {
  const series = seriesOf(rows);
  return series.length === 0 ? null : plotSeries(series, { title, base: 2, x: 'at once' });
}

export interface Axes {
  readonly title: string;
  /** What the x says, and the number whose powers are its ticks. */
  readonly x: string;
  readonly base: number;
}

/** An SVG of milliseconds against anything, both logarithmic. */
export function plotSeries(series: readonly Series[], { title, x: xTitle, base }: Axes): string {
  const points = series.flatMap((one) => one.points);
  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const x = axis(
    points.map(([value]) => value),
    base,
    MARGIN.left,
    right,
  );
  const y = axis(
    points.map(([, ms]) => ms),
    10,
    bottom,
    MARGIN.top,
  );
  const grid = [
    ...x.ticks.map(
      (tick) =>
        `<path d="M${x.at(tick)} ${MARGIN.top}V${bottom}" class="grid"/><text x="${x.at(tick)}" y="${bottom + 18}" text-anchor="middle">${tick}</text>`,
    ),
    ...y.ticks.map(
      (tick) =>
        `<path d="M${MARGIN.left} ${y.at(tick)}H${right}" class="grid"/><text x="${MARGIN.left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${tick}</text>`,
    ),
  ];
  const lines = series.map(({ name, dashed, colour: number, points: ofOne }, index) => {
    const colour = COLOURS[number % COLOURS.length];
    const path = ofOne.map(([value, ms]) => `${x.at(value).toFixed(1)},${y.at(ms).toFixed(1)}`).join(' ');
    const dash = dashed ? ' stroke-dasharray="6 4"' : '';
    const legend = MARGIN.top + 18 * index;
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`,
      `<path d="M${right + 16} ${legend}h28" stroke="${colour}" stroke-width="2"${dash}/>`,
      `<text x="${right + 50}" y="${legend + 4}">${escapeXml(name)}</text>`,
    ].join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<style>.grid{stroke:#ddd}text{fill:#222}</style><rect width="100%" height="100%" fill="#fff"/>
<text x="${MARGIN.left}" y="22" font-size="14">${escapeXml(title)}</text>
${[...grid, ...lines].join('\n')}
<text x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escapeXml(xTitle)}</text>
<text x="16" y="${MARGIN.top - 10}">ms</text>
</svg>
`;
}
