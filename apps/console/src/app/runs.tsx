import type { VerificationRun } from '@agent-registry/client';
import type { JSX } from 'preact';
import { Table } from './table.tsx';
import { Empty, Status, Time } from './ui.tsx';

interface RunsProps {
  readonly runs: readonly VerificationRun[];
  readonly hasCriteria: boolean;
}

/** Each run, test by test, as much of it as the viewer may see. */
export function Runs({ runs, hasCriteria }: RunsProps): JSX.Element {
  if (!hasCriteria) return <Empty>There are no acceptance criteria: the client judges the work.</Empty>;
  if (runs.length === 0) return <Empty>Nothing was delivered yet, so nothing was judged.</Empty>;
  return (
    <ul class="deliveries">
      {runs.map((run) => (
        <li key={run.run_id}>
          <div class="row">
            <strong>Delivery {run.delivery}</strong>
            <Status of={run.status} />
          </div>
          <p class="soft">
            delivered <Time at={run.delivered_at} />
            {run.summary !== null && ` · ${run.summary}`}
          </p>
          {run.results.length === 0 ? (
            <Empty>The criteria show the verdict alone.</Empty>
          ) : (
            <Table
              caption={`Tests of delivery ${run.delivery}`}
              rows={run.results}
              keyOf={(row) => row.test_id}
              columns={[
                ['Test', (row) => row.test_id],
                ['Type', (row) => row.type],
                ['Verdict', (row) => <Status of={row.passed ? 'pass' : 'fail'} />],
                ['Says', (row) => [row.message, row.stdout, row.stderr].filter(Boolean).join(' · ') || '–'],
              ]}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
