import type { WebhookDelivery } from '@agent-registry/client';
import type { JSX } from 'preact';
import { post } from './api.ts';
import { useAction } from './form.tsx';
import { More, useList } from './list.tsx';
import { Bars } from './plot.tsx';
import { Table } from './table.tsx';
import { Empty, Failure, Show, Status, Time } from './ui.tsx';

/** Every webhook with every attempt, and a way to send one again. */
export function Deliveries({ agentId }: { readonly agentId: string }): JSX.Element {
  const path = `/agents/${agentId}/webhooks`;
  const found = useList<WebhookDelivery>({ path, keyOf: ({ delivery_id }) => delivery_id });
  return (
    <Show of={found}>
      {({ items: deliveries, next }) =>
        deliveries.length === 0 ? (
          <Empty>No event has happened yet.</Empty>
        ) : (
          <>
            <Bars
              title={
                next === null
                  ? 'Deliveries by how they went'
                  : `The last ${deliveries.length} deliveries, by how they went`
              }
              bars={['delivered', 'pending', 'failed'].map((name) => ({
                name,
                value: deliveries.filter(({ status }) => status === name).length,
              }))}
            />
            <ul class="deliveries">
              {deliveries.map((delivery) => (
                <Delivery key={delivery.delivery_id} delivery={delivery} path={path} onSent={found.again} />
              ))}
            </ul>
            <More list={found} />
          </>
        )
      }
    </Show>
  );
}

interface DeliveryProps {
  readonly delivery: WebhookDelivery;
  readonly path: string;
  readonly onSent: () => void;
}

function Delivery({ delivery, path, onSent }: DeliveryProps): JSX.Element {
  const action = useAction();
  const redeliver = async (): Promise<void> => {
    await post(`${path}/${delivery.delivery_id}/redeliver`);
    onSent();
  };
  return (
    <li>
      <div class="row">
        <strong>{delivery.event_type}</strong>
        <Status of={delivery.status} />
      </div>
      <p class="soft">
        <Time at={delivery.created_at} /> · {delivery.attempts}{' '}
        {delivery.attempts === 1 ? 'attempt' : 'attempts'}
        {delivery.last_error !== null && ` · ${delivery.last_error}`}
      </p>
      <details>
        <summary>Attempts and body</summary>
        <Table
          caption="Attempts"
          empty="Nothing was sent: there is no endpoint, or it reads the feed."
          rows={delivery.attempt_log}
          keyOf={(row) => `${row.cycle}.${row.attempt}`}
          columns={[
            ['Attempt', (row) => `${row.cycle}.${row.attempt}`],
            ['When', (row) => <Time at={row.started_at} />],
            ['Took', (row) => (row.duration_ms === null ? '–' : `${row.duration_ms} ms`), 'number'],
            ['Answer', (row) => row.status ?? row.phase ?? '–'],
            ['Said', (row) => [row.error, row.response].filter(Boolean).join(' · ') || '–'],
          ]}
        />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{delivery.body}</pre>
      </details>
      {action.error !== null && <Failure error={action.error} />}
      <button type="button" disabled={action.isBusy} onClick={() => action.run(redeliver)}>
        Send again
      </button>
    </li>
  );
}
