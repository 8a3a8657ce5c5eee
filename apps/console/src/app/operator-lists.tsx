import type {
  LedgerAudit as Audit,
  FailedDelivery,
  HeldEscrow,
  OperatorListAuditResponse,
} from '@agent-registry/client';
import type { JSX } from 'preact';
import { get, type Page, post } from './api.ts';
import { useAction } from './form.tsx';
import { useLoad } from './load.ts';
import { AgentLink, Empty, Failure, Json, Money, Show, Status, short, Table, Time } from './ui.tsx';

const as = 'operator' as const;

export function FailedDeliveries(): JSX.Element {
  const found = useLoad('failed', (signal) =>
    get<Page<FailedDelivery>>('/operator/webhooks/failed', { as, signal, query: { limit: 100 } }),
  );
  const action = useAction();
  return (
    <Show of={found}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>Every webhook has arrived, or is still being tried.</Empty>
        ) : (
          <>
            {action.error !== null && <Failure error={action.error} />}
            <Table
              caption="Webhooks whose attempts are used up"
              rows={items}
              keyOf={(row) => row.delivery_id}
              columns={[
                ['When', (row) => <Time at={row.created_at} />],
                ['Event', (row) => row.event_type],
                ['To', (row) => <AgentLink id={row.agent_id} />],
                ['Attempts', (row) => row.attempts, 'number'],
                ['Why', (row) => row.last_error ?? '–'],
                [
                  'Again',
                  (row) => (
                    <button
                      type="button"
                      disabled={action.isBusy}
                      onClick={() =>
                        action.run(async () => {
                          await post(`/operator/webhooks/${row.delivery_id}/replay`, {}, { as });
                          found.again();
                        })
                      }
                    >
                      Replay
                    </button>
                  ),
                ],
              ]}
            />
          </>
        )
      }
    </Show>
  );
}

export function AuditTrail(): JSX.Element {
  const found = useLoad('audit', (signal) =>
    get<OperatorListAuditResponse>('/operator/audit', { as, signal, query: { limit: 100 } }),
  );
  return (
    <Show of={found}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>No operator has done anything yet.</Empty>
        ) : (
          <Table
            caption="The last hundred calls, the newest first"
            rows={items}
            keyOf={(row) => row.audit_id}
            columns={[
              ['When', (row) => <Time at={row.created_at} />],
              ['Who', (row) => row.operator],
              ['Did', (row) => row.action],
              ['To', (row) => (row.subject === null ? '–' : <span class="id">{short(row.subject)}</span>)],
              ['Sent', (row) => <Json of={row.details} label="Details" />],
            ]}
          />
        )
      }
    </Show>
  );
}

/** What jobs hold, the one that has held it longest first. */
export function Escrows(): JSX.Element {
  const found = useLoad('escrows', (signal) =>
    get<Page<HeldEscrow>>('/operator/escrows', { as, signal, query: { limit: 100 } }),
  );
  return (
    <Show of={found}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>No job holds money.</Empty>
        ) : (
          <Table
            caption="What jobs hold, the longest first"
            rows={items}
            keyOf={(row) => row.job_id}
            columns={[
              ['Job', (row) => <span class="id">{short(row.job_id)}</span>],
              ['State', (row) => <Status of={row.job_status} />],
              ['Client', (row) => <AgentLink id={row.client_agent_id} />],
              ['Seller', (row) => <AgentLink id={row.seller_agent_id} />],
              ['Since', (row) => <Time at={row.funded_at} />],
              ['Price', (row) => <Money of={row.amount} />, 'number'],
              ['Bond', (row) => <Money of={row.bond} />, 'number'],
            ]}
          />
        )
      }
    </Show>
  );
}

/** Every balance recomputed, when an operator asks. */
export function LedgerAudit(): JSX.Element {
  const found = useLoad('ledger', (signal) => get<Audit>('/operator/ledger', { as, signal }));
  return (
    <Show of={found}>
      {(audit) => (
        <>
          <p class={audit.balanced ? 'notice good' : 'notice bad'} role="status">
            {audit.balanced
              ? `The ledger is balanced: ${audit.postings} postings of ${audit.transfers} transfers, recomputed now.`
              : `The ledger is NOT balanced: ${audit.faults.length} faults.`}
          </p>
          <dl class="figures">
            {(
              [
                ['Agents have', audit.agents],
                ['Jobs hold', audit.held],
                ['Fees', audit.fees],
                ['Paid in', audit.minted],
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
            Recompute
          </button>
        </>
      )}
    </Show>
  );
}
