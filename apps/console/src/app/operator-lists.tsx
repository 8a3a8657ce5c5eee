import type {
  LedgerAudit as Audit,
  FailedDelivery,
  HeldEscrow,
  OperatorListAuditResponse,
} from '@agent-registry/client';
import type { JSX } from 'preact';
import { get, post } from './api.ts';
import { Figures } from './figures.tsx';
import { useAction } from './form.tsx';
import { ListTable, useList } from './list.tsx';
import { useLoad } from './load.ts';
import { Table } from './table.tsx';
import { Failure, Json, Money, Show, Status, short, Time } from './ui.tsx';
import { WatchedAgent } from './watched-agent.tsx';

const as = 'operator' as const;

export function FailedDeliveries(): JSX.Element {
  const found = useList<FailedDelivery>({
    path: '/operator/webhooks/failed',
    as,
    keyOf: ({ delivery_id }) => delivery_id,
  });
  const action = useAction();
  const replay = ({ delivery_id }: FailedDelivery): void =>
    action.run(async () => {
      await post(`/operator/webhooks/${delivery_id}/replay`, {}, { as });
      found.again();
    });
  return (
    <>
      {action.error !== null && <Failure error={action.error} />}
      <ListTable
        list={found}
        caption={(total) => `${total} webhooks whose attempts are used up, the newest first`}
        empty="Every webhook has arrived, or is still being tried."
        columns={[
          ['When', (row) => <Time at={row.created_at} />],
          ['Event', (row) => row.event_type],
          ['To', (row) => <WatchedAgent id={row.agent_id} />],
          ['Attempts', (row) => row.attempts, 'number'],
          ['Why', (row) => row.last_error ?? '–'],
          [
            'Again',
            (row) => (
              <button type="button" disabled={action.isBusy} onClick={() => replay(row)}>
                Replay
              </button>
            ),
          ],
        ]}
      />
    </>
  );
}

export function AuditTrail(): JSX.Element {
  const found = useList<OperatorListAuditResponse['items'][number]>({
    path: '/operator/audit',
    as,
    keyOf: ({ audit_id }) => audit_id,
  });
  return (
    <ListTable
      list={found}
      caption={() => 'What operators did and looked at, the newest first'}
      empty="No operator has done anything yet."
      columns={[
        ['When', (row) => <Time at={row.created_at} />],
        ['Who', (row) => row.operator],
        ['Did', (row) => inWords(row.action)],
        ['To', (row) => (row.subject === null ? '–' : <span class="id">{short(row.subject)}</span>)],
        ['Sent', (row) => <Json of={row.details} label="Details" />],
      ]}
    />
  );
}

/** operatorListAgents as "list agents". */
const inWords = (action: string): string =>
  action
    .replace(/^operator/, '')
    .replace(
      /(?<=[a-z])[A-Z]|^[A-Z]/g,
      (letter, at: number) => `${at === 0 ? '' : ' '}${letter.toLowerCase()}`,
    );

/** What jobs hold, the one that has held it longest first. */
export function Escrows(): JSX.Element {
  const found = useList<HeldEscrow>({ path: '/operator/escrows', as, keyOf: ({ job_id }) => job_id });
  return (
    <ListTable
      list={found}
      caption={(total) => `${total} jobs hold money, the one that has held it longest first`}
      empty="No job holds money."
      columns={[
        ['Job', (row) => <span class="id">{short(row.job_id)}</span>],
        ['State', (row) => <Status of={row.job_status} />],
        ['Client', (row) => <WatchedAgent id={row.client_agent_id} />],
        ['Seller', (row) => <WatchedAgent id={row.seller_agent_id} />],
        ['Since', (row) => <Time at={row.funded_at} />],
        ['Price', (row) => <Money of={row.amount} />, 'number'],
        ['Bond', (row) => <Money of={row.bond} />, 'number'],
      ]}
    />
  );
}

/** What the ledger adds up to, when an operator asks. */
export function LedgerAudit(): JSX.Element {
  const found = useLoad('ledger', (signal) => get<Audit>('/operator/ledger', { as, signal }));
  return (
    <Show of={found}>
      {(audit) => (
        <>
          <p class={audit.balanced ? 'notice good' : 'notice bad'} role="status">
            {audit.balanced
              ? `The ledger is balanced: ${audit.postings} postings of ${audit.transfers} transfers, as of `
              : `The ledger is NOT balanced, ${audit.faults.length} faults, as of `}
            <Time at={audit.as_of} />.
          </p>
          <Figures
            figures={[
              ['Agents have', <Money of={audit.agents} />],
              ['Jobs hold', <Money of={audit.held} />],
              ['Fees', <Money of={audit.fees} />],
              ['Paid in', <Money of={audit.minted} />],
            ]}
          />
          {audit.faults.length > 0 && (
            <Table
              caption="What is wrong"
              rows={audit.faults}
              keyOf={(row) => row.rule + row.subject}
              columns={[
                ['Rule', (row) => row.rule],
                ['Where', (row) => row.subject],
                ['By', (row) => row.detail],
              ]}
            />
          )}
          <button type="button" onClick={found.again}>
            Look again
          </button>
        </>
      )}
    </Show>
  );
}
