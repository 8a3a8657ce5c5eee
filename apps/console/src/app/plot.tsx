import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { grouped } from './money.ts';

export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** Until the page knows how wide it is. */
const WIDTH_AT_FIRST = 600;
const HEIGHT = 180;
const LEFT = 52;
const BOTTOM = 22;
const TOP = 8;
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const SHORT = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 2, useGrouping: false });

const shownAs = (value: number): string => grouped(NUMBER.format(value));

interface PlotProps {
  readonly title: string;
  readonly points: readonly Point[];
  /** Steps stay until the next point, as a balance does; lines go straight to it. */
  readonly kind?: 'steps' | 'line';
  /** From where to where it may go; from the values unless given. */
  readonly range?: readonly [number, number];
  readonly unit?: string;
}

/** A value over time, with its last value in words; the pointer, or the arrow keys, read out the others. */
export function Plot({ title, points, kind = 'steps', range, unit = '' }: PlotProps): JSX.Element | null {
  const [chosen, setChosen] = useState<number | null>(null);
  const [width, setWidth] = useState(WIDTH_AT_FIRST);
  const box = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    const svg = box.current;
    if (svg === null) return undefined;
    const watch = new ResizeObserver(() => setWidth(svg.clientWidth || WIDTH_AT_FIRST));
    watch.observe(svg);
    return () => watch.disconnect();
  }, []);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const values = points.map(({ value }) => value);
  const [low, high] = range ?? [Math.min(0, ...values), Math.max(...values, 1)];
  const lasts = last.at - first.at || 1;
  const x = (at: number): number => LEFT + ((at - first.at) / lasts) * (width - LEFT - 6);
  const y = (value: number): number =>
    TOP + (1 - (value - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  // A value that was seen once is shown as if it had stayed.
  const path = (points.length === 1 ? [first, { ...first, at: first.at + lasts }] : points)
    .map(({ at, value }, index) => {
      if (index === 0) return `M${x(at)} ${y(value)}`;
      return kind === 'steps' ? `H${x(at)}V${y(value)}` : `L${x(at)} ${y(value)}`;
    })
    .join('');
  const shown = points[chosen ?? points.length - 1] ?? last;
  const onMove = (event: PointerEvent): void => {
    const { left } = box.current!.getBoundingClientRect();
    const at = first.at + ((event.clientX - left - LEFT) / (width - LEFT - 6)) * lasts;
    const next = points.findIndex((point) => point.at > at);
    setChosen(Math.max(0, next === -1 ? points.length - 1 : next - 1));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setChosen(Math.min(points.length - 1, Math.max(0, (chosen ?? points.length - 1) + step)));
  };
  return (
    <figure class="plot">
      <figcaption>
        <span>{title}</span>
        <output>
          <strong>{shownAs(shown.value)}</strong>
          {unit} · {DAY.format(shown.at)}
        </output>
      </figcaption>
      <svg
        ref={box}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`${title}: ${shownAs(last.value)}${unit} at last`}
        tabindex={0}
        onPointerMove={onMove}
        onPointerLeave={() => setChosen(null)}
        onKeyDown={onKeyDown}
      >
        {[low, (low + high) / 2, high].map((value) => (
          <g key={value}>
            <line class="grid" x1={LEFT} x2={width} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
              {SHORT.format(value)}
            </text>
          </g>
        ))}
        <path class="area" d={`${path}V${y(low)}H${LEFT}Z`} />
        <path class="line" d={path} />
        {chosen !== null && <circle cx={x(shown.at)} cy={y(shown.value)} r="4" />}
        <text x={LEFT} y={HEIGHT - 4}>
          {DAY.format(first.at)}
        </text>
        <text x={width} y={HEIGHT - 4} text-anchor="end">
          {DAY.format(last.at)}
        </text>
      </svg>
    </figure>
  );
}

interface BarsProps {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly value: number; readonly shown?: string }[];
}

/** Amounts side by side, each with its name and number. */
export function Bars({ title, bars }: BarsProps): JSX.Element {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <figure class="bars">
      <figcaption>{title}</figcaption>
      <ul>
        {bars.map(({ name, value, shown }) => (
          <li key={name}>
            <span>{name.replace('_', ' ')}</span>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(value / most) * 100} height="8" class={`b-${name}`} />
            </svg>
            <strong>{shown ?? value}</strong>
          </li>
        ))}
      </ul>
    </figure>
  );
}
