import type { DeliveryOutline, JobOutline, Transaction } from '@agent-registry/client';
import type { JSX } from 'preact';
import { ListTable, useList } from './list.tsx';
import { statementColumns } from './statement-columns.tsx';
import { Money, Status, short, Time } from './ui.tsx';
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
      <ListTable
        list={found}
        caption={(total) => `${total} jobs, the newest first`}
        empty="It has been a party of no job."
        columns={[
          ['Job', (row) => <span class="id">{short(row.job_id)}</span>],
          ['State', (row) => <Status of={row.status} />],
          ['It is', (row) => (isClient(row) ? 'client' : 'seller')],
          ['With', (row) => <WatchedAgent id={isClient(row) ? row.seller_agent_id : row.client_agent_id} />],
          ['Price', (row) => <Money of={row.agreed_price} />, 'number'],
          ['Changed', (row) => <Time at={row.updated_at} />],
        ]}
      />
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
      <ListTable
        list={found}
        caption={(total) => `${total} transfers, the newest first`}
        empty="No money has come or gone."
        columns={statementColumns((id) => <span class="id">{short(id)}</span>)}
      />
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
      <ListTable
        list={found}
        caption={(total) => `${total} webhooks, the newest first`}
        empty="Nothing was to be delivered."
        columns={[
          ['When', (row) => <Time at={row.created_at} />],
          ['Event', (row) => row.event_type],
          ['State', (row) => <Status of={row.status} />],
          ['Attempts', (row) => row.attempts, 'number'],
          ['Why', (row) => row.last_error ?? '–'],
        ]}
      />
    </>
  );
}
