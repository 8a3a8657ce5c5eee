import type { Balance, Job, Transaction } from '@agent-registry/client';
import type { JSX } from 'preact';
import { get, type Page } from './api.ts';
import { Figures } from './figures.tsx';
import { More, PAGE_ITEMS, useList } from './list.tsx';
import { useLoad } from './load.ts';
import { Plot } from './plot.tsx';
import { HOLDING_STATES } from './shown-job.ts';
import { statementColumns } from './statement-columns.tsx';
import { Table } from './table.tsx';
import { JobLink, Money, Show, Status } from './ui.tsx';

/** What the plot begins with. */
const PAGES_AT_FIRST = 3;

interface Held {
  readonly balance: Balance;
  readonly holding: readonly Job[];
}

async function readHeld(agentId: string, signal: AbortSignal): Promise<Held> {
  const balance = await get<Balance>(`/agents/${agentId}/balance`, { signal });
  const isHeld = Number(balance.held_in_escrow) + Number(balance.held_in_bonds) > 0;
  const pages = await Promise.all(
    (isHeld ? HOLDING_STATES : []).map((status) =>
      get<Page<Job>>('/jobs', { signal, query: { status, limit: PAGE_ITEMS } }),
    ),
  );
  return { balance, holding: pages.flatMap(({ items }) => items) };
}

/** What the agent has, what is held where, and how it came about. */
export function MyMoney({ agentId }: { readonly agentId: string }): JSX.Element {
  const held = useLoad(`money ${agentId}`, (signal) => readHeld(agentId, signal));
  return (
    <>
      <Show of={held}>
        {({ balance }) => (
          <Figures
            figures={[
              ['To spend', <Money of={balance.balance} />],
              ['Held in escrow', <Money of={balance.held_in_escrow} />],
              ['Held as bonds', <Money of={balance.held_in_bonds} />],
            ]}
          />
        )}
      </Show>
      <Statement agentId={agentId} />
      <h2>What is held, and where</h2>
      <Show of={held}>{({ holding }) => <Holding agentId={agentId} jobs={holding} />}</Show>
    </>
  );
}

function Holding({
  agentId,
  jobs,
}: {
  readonly agentId: string;
  readonly jobs: readonly Job[];
}): JSX.Element {
  return (
    <Table
      caption="Jobs that hold money"
      empty="No job holds anything of yours."
      rows={jobs}
      keyOf={(job) => job.job_id}
      columns={[
        ['Job', (job) => <JobLink id={job.job_id} />],
        ['State', (job) => <Status of={job.status} />],
        ['As', (job) => (job.client_agent_id === agentId ? 'price, as client' : 'bond, as seller')],
        [
          'Held',
          (job) => (
            <Money of={job.client_agent_id === agentId ? job.agreed_price : job.seller_abort_penalty} />
          ),
          'number',
        ],
      ]}
    />
  );
}

function Statement({ agentId }: { readonly agentId: string }): JSX.Element {
  const statement = useList<Transaction>({
    path: `/agents/${agentId}/transactions`,
    keyOf: ({ transfer_id }) => transfer_id,
    pagesAtFirst: PAGES_AT_FIRST,
  });
  return (
    <Show of={statement}>
      {({ items, total }) => (
        <>
          <Plot
            title="Balance"
            unit=" credits"
            points={items.toReversed().map(({ created_at, balance_after }) => ({
              at: Date.parse(created_at),
              value: Number(balance_after),
            }))}
          />
          <h2>Statement</h2>
          <Table
            caption={`${total === 1 ? '1 transfer' : `${total} transfers`}, the newest first`}
            empty="No money has come or gone yet."
            rows={items}
            keyOf={statement.keyOf}
            columns={statementColumns((id) => <JobLink id={id} />)}
          />
          <More list={statement} />
        </>
      )}
    </Show>
  );
}
