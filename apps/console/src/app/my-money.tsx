import type { Balance, Job, Transaction } from '@agent-registry/client';
import type { JSX } from 'preact';
import { get, type Page } from './api.ts';
import { useLoad } from './load.ts';
import { Plot } from './plot.tsx';
import { Empty, JobLink, Money, Show, Status, Table, Time } from './ui.tsx';

const PAGES_MAX = 10;
const HOLDING = ['funded', 'in_progress', 'delivered', 'verifying', 'failed', 'disputed'] as const;

interface Shown {
  readonly balance: Balance;
  readonly statement: readonly Transaction[];
  readonly holding: readonly Job[];
}

async function read(agentId: string, signal: AbortSignal): Promise<Shown> {
  const statement: Transaction[] = [];
  let cursor: string | null = null;
  const [balance, ...pages] = await Promise.all([
    get<Balance>(`/agents/${agentId}/balance`, { signal }),
    ...HOLDING.map((status) => get<Page<Job>>('/jobs', { signal, query: { status, limit: 100 } })),
  ]);
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found: Page<Transaction> = await get(`/agents/${agentId}/transactions`, {
      signal,
      query: { limit: 100, cursor },
    });
    statement.push(...found.items);
    cursor = found.next_cursor;
    if (cursor === null) break;
  }
  return { balance, statement, holding: pages.flatMap(({ items }) => items) };
}

/** What the agent has, what is held where, and how it came about. */
export function MyMoney({ agentId }: { readonly agentId: string }): JSX.Element {
  const shown = useLoad(`money ${agentId}`, (signal) => read(agentId, signal));
  return (
    <Show of={shown}>
      {({ balance, statement, holding }) => (
        <>
          <dl class="figures">
            {(
              [
                ['To spend', balance.balance],
                ['Held in escrow', balance.held_in_escrow],
                ['Held as bonds', balance.held_in_bonds],
              ] as const
            ).map(([name, amount]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Money of={amount} />
                </dd>
              </div>
            ))}
          </dl>
          <Plot
            title="Balance"
            unit=" credits"
            points={statement.toReversed().map(({ created_at, balance_after }) => ({
              at: Date.parse(created_at),
              value: Number(balance_after),
            }))}
          />
          <h2>What is held, and where</h2>
          {holding.length === 0 ? (
            <Empty>No job holds anything of yours.</Empty>
          ) : (
            <Table
              caption="Jobs that hold money"
              rows={holding}
              keyOf={(job) => job.job_id}
              columns={[
                ['Job', (job) => <JobLink id={job.job_id} />],
                ['State', (job) => <Status of={job.status} />],
                ['As', (job) => (job.client_agent_id === agentId ? 'price, as client' : 'bond, as seller')],
                [
                  'Held',
                  (job) => (
                    <Money
                      of={job.client_agent_id === agentId ? job.agreed_price : job.seller_abort_penalty}
                    />
                  ),
                  'number',
                ],
              ]}
            />
          )}
          <h2>Statement</h2>
          {statement.length === 0 ? (
            <Empty>No money has come or gone yet.</Empty>
          ) : (
            <Table
              caption="Transfers, the newest first"
              rows={statement}
              keyOf={(row) => row.transfer_id}
              columns={[
                ['When', (row) => <Time at={row.created_at} />],
                ['What', (row) => row.kind.replaceAll('_', ' ')],
                [
                  'For',
                  (row) => (row.job_id === null ? (row.reference ?? '–') : <JobLink id={row.job_id} />),
                ],
                ['Amount', (row) => <Money of={row.amount} />, 'number'],
                ['Balance', (row) => <Money of={row.balance_after} />, 'number'],
              ]}
            />
          )}
        </>
      )}
    </Show>
  );
}
