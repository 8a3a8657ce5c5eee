import type { MarketFigures, MarketSeries } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get } from './api.ts';
import { Figures } from './figures.tsx';
import { SelectField } from './form.tsx';
import { useLoad } from './load.ts';
import { Bars, Plot } from './plot.tsx';
import { Empty, Money, Show } from './ui.tsx';

const HOUR_MS = 3_600_000;
const SPANS = {
  day: { title: 'the last two days, by hour', by: 'hour', ms: 48 * HOUR_MS },
  month: { title: 'the last month, by day', by: 'day', ms: 31 * 24 * HOUR_MS },
  year: { title: 'the last year, by day', by: 'day', ms: 365 * 24 * HOUR_MS },
} as const;
type Span = keyof typeof SPANS;

/** Pictures first: how the market stands, and how it came about. */
export function Overview(): JSX.Element {
  const [span, setSpan] = useState<Span>('month');
  const found = useLoad(`stats ${span}`, (signal) => {
    const { by, ms } = SPANS[span];
    const since = new Date(Math.floor((Date.now() - ms) / HOUR_MS) * HOUR_MS).toISOString();
    return get<MarketSeries>('/operator/stats', { as: 'operator', signal, query: { by, since } });
  });
  return (
    <>
      <SelectField
        label="Show"
        value={span}
        onValue={(name) => setSpan(name as Span)}
        options={Object.entries(SPANS).map(([name, { title }]) => [name, title])}
      />
      <Show of={found}>
        {({ items }) =>
          items.length === 0 ? <Empty>Nothing was counted in this time.</Empty> : <Pictures items={items} />
        }
      </Show>
    </>
  );
}

const sum = (record: Readonly<Record<string, number>>): number =>
  Object.values(record).reduce((all, one) => all + one, 0);

function Pictures({ items }: { readonly items: readonly MarketFigures[] }): JSX.Element {
  const last = items.findLast(({ levels }) => levels !== null)?.levels ?? null;
  const series = (value: (figures: MarketFigures) => number | null) =>
    items.flatMap((figures) => {
      const found = value(figures);
      return found === null ? [] : [{ at: Date.parse(figures.starts_at), value: found }];
    });
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);
  return (
    <>
      {last === null ? (
        <Empty>Nobody has looked at how things stand yet: the sweep does so each minute.</Empty>
      ) : (
        <>
          <Figures
            figures={[
              ['Escrow held', <Money of={last.escrow_held} />],
              ['Bonds held', <Money of={last.bonds_held} />],
              [
                'Due in the outbox',
                <>
                  {last.outbox_depth} <small>the oldest for {last.outbox_age_seconds} s</small>
                </>,
              ],
            ]}
          />
          <Bars
            title="Open jobs by state"
            bars={Object.entries(last.open_jobs).map(([name, value]) => ({ name, value }))}
          />
        </>
      )}
      <div class="columns">
        <Plot
          title="Escrow held"
          points={series(({ levels }) => (levels === null ? null : Number(levels.escrow_held)))}
        />
        <Plot title="Fees taken" points={series(({ fees }) => Number(fees))} />
        <Plot title="Jobs proposed" points={series(({ jobs }) => jobs.proposed ?? 0)} />
        <Plot title="Jobs completed" points={series(({ jobs }) => jobs.completed ?? 0)} />
        <Plot
          title="Runs that passed"
          unit=" %"
          range={[0, 100]}
          points={series(({ verdicts }) => share(verdicts.pass ?? 0, sum(verdicts)))}
        />
        <Plot
          title="From delivery to verdict"
          unit=" s"
          points={series(({ verdicts, verdict_seconds }) =>
            sum(verdicts) === 0 ? null : verdict_seconds / sum(verdicts),
          )}
        />
        <Plot
          title="Webhooks that arrived"
          unit=" %"
          range={[0, 100]}
          points={series(({ deliveries }) =>
            share(deliveries.delivered ?? 0, (deliveries.delivered ?? 0) + (deliveries.failed ?? 0)),
          )}
        />
        <Plot title="Due in the outbox" points={series(({ levels }) => levels?.outbox_depth ?? null)} />
      </div>
    </>
  );
}
