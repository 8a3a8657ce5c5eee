import type { DeliveryOutline, JobOutline, Transaction } from '@agent-registry/client';
import type { JSX } from 'preact';
import { More, useList } from './list.tsx';
import { StatementTable } from './statement-table.tsx';
import { Table } from './table.tsx';
import { Empty, Money, Show, Status, short, Time } from './ui.tsx';
import { WatchedAgent } from './watched-agent.tsx';

const as = 'operator' as const;

interface OfAgent {
  readonly agentId: string;
}

const pathOf = (agentId: string, list: string): string => `/operator/agents/${agentId}/${list}`;

export function JobsOf({ agentId }: OfAgent): JSX.Element {
  const found = useList<JobOutline>({ path: pathOf(agentId, 'jobs'), as, keyOf: ({ job_id }) => job_id });
  const isClient = (job: JobOutline): boolean => job.client_agent_id === agentId;
  return (
    <>
      <h2>Jobs</h2>
      <Show of={found}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty>It has been a party of no job.</Empty>
          ) : (
            <Table
              caption={`${total} jobs, the newest first`}
              rows={items}
              keyOf={(row) => row.job_id}
              columns={[
                ['Job', (row) => <span class="id">{short(row.job_id)}</span>],
                ['State', (row) => <Status of={row.status} />],
                ['It is', (row) => (isClient(row) ? 'client' : 'seller')],
                [
                  'With',
                  (row) => <WatchedAgent id={isClient(row) ? row.seller_agent_id : row.client_agent_id} />,
                ],
                ['Price', (row) => <Money of={row.agreed_price} />, 'number'],
                ['Changed', (row) => <Time at={row.updated_at} />],
              ]}
            />
          )
        }
      </Show>
      <More list={found} />
    </>
  );
}

export function StatementOf({ agentId }: OfAgent): JSX.Element {
  const found = useList<Transaction>({
    path: pathOf(agentId, 'transactions'),
    as,
    keyOf: ({ transfer_id }) => transfer_id,
  });
  return (
    <>
      <h2>Statement</h2>
      <Show of={found}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty>No money has come or gone.</Empty>
          ) : (
            <StatementTable
              caption={`${total} transfers, the newest first`}
              items={items}
              jobOf={(id) => <span class="id">{short(id)}</span>}
            />
          )
        }
      </Show>
      <More list={found} />
    </>
  );
}

export function DeliveriesOf({ agentId }: OfAgent): JSX.Element {
  const found = useList<DeliveryOutline>({
    path: pathOf(agentId, 'deliveries'),
    as,
    keyOf: ({ delivery_id }) => delivery_id,
  });
  return (
    <>
      <h2>Deliveries</h2>
      <Show of={found}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty>Nothing was to be delivered.</Empty>
          ) : (
            <Table
              caption={`${total} webhooks, the newest first`}
              rows={items}
              keyOf={(row) => row.delivery_id}
              columns={[
                ['When', (row) => <Time at={row.created_at} />],
                ['Event', (row) => row.event_type],
                ['State', (row) => <Status of={row.status} />],
                ['Attempts', (row) => row.attempts, 'number'],
                ['Why', (row) => row.last_error ?? '–'],
              ]}
            />
          )
        }
      </Show>
      <More list={found} />
    </>
  );
}
