import type { Agent, FailedDelivery, Fees, Job, OperatorListAuditResponse } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get, type Page, post } from './api.ts';
import { useLoad } from './load.ts';
import { splitByShare } from './money.ts';
import { Bars } from './plot.tsx';
import { Link } from './router.tsx';
import { enterOperator, useSession } from './session.ts';
import { ShareSlider, sharesOf } from './shares.tsx';
import { stakesOf } from './shown-job.ts';
import {
  AgentLink,
  Confirm,
  Empty,
  Failure,
  Field,
  Json,
  Money,
  Show,
  Status,
  short,
  Table,
  Time,
  useAction,
  WhoGetsWhat,
} from './ui.tsx';

const TABS = [
  ['', 'Disputes'],
  ['deliveries', 'Failed deliveries'],
  ['agents', 'Agents'],
  ['audit', 'Audit trail'],
] as const;

const as = 'operator' as const;

/** What operators do and see. Their key is in memory, for as long as the page is open. */
export function Operator({ tab }: { readonly tab: string; readonly id: string }): JSX.Element {
  const { operatorKey } = useSession();
  if (operatorKey === null) return <EnterKey />;
  return (
    <>
      <div class="row">
        <h1>Operator</h1>
        <button type="button" onClick={() => enterOperator(null)}>
          Forget the key
        </button>
      </div>
      <nav class="tabs" aria-label="Operator">
        {TABS.map(([to, title]) => (
          <Link key={to} to={to === '' ? '/operator' : `/operator/${to}`} current={to === tab}>
            {title}
          </Link>
        ))}
      </nav>
      {tab === '' && <Disputes />}
      {tab === 'deliveries' && <FailedDeliveries />}
      {tab === 'agents' && <Agents />}
      {tab === 'audit' && <AuditTrail />}
      {!TABS.some(([known]) => known === tab) && <Empty>There is no such page.</Empty>}
    </>
  );
}

function EnterKey(): JSX.Element {
  const [key, setKey] = useState('');
  const action = useAction();
  const enter = async (): Promise<void> => {
    enterOperator(key.trim());
    try {
      await get('/operator/audit', { as, query: { limit: 1 } });
    } catch (error) {
      enterOperator(null);
      throw error;
    }
  };
  return (
    <>
      <h1>Operator</h1>
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          action.run(enter);
        }}
      >
        <Field label="Operator key" hint="It stays in this page’s memory. A reload forgets it.">
          {(id) => (
            <input
              id={id}
              type="password"
              required
              autocomplete="off"
              value={key}
              onInput={(event) => setKey(event.currentTarget.value)}
            />
          )}
        </Field>
        {action.error !== null && <Failure error={action.error} />}
        <button type="submit" class="main" disabled={action.isBusy}>
          Enter
        </button>
      </form>
    </>
  );
}

function Disputes(): JSX.Element {
  const found = useLoad('disputes', async (signal) => {
    const [jobs, fees] = await Promise.all([
      get<Page<Job>>('/operator/jobs', { as, signal, query: { status: 'disputed', limit: 100 } }),
      get<Fees>('/fees', { as: null, signal }),
    ]);
    return { jobs: jobs.items, fees };
  });
  return (
    <Show of={found}>
      {({ jobs, fees }) =>
        jobs.length === 0 ? (
          <Empty>No dispute waits for you.</Empty>
        ) : (
          <>
            <Bars
              title="Held in disputes, by job"
              bars={jobs.map((job) => ({
                name: short(job.job_id),
                value: Number(job.agreed_price) + Number(job.seller_abort_penalty),
                shown: job.agreed_price,
              }))}
            />
            <ul class="deliveries">
              {jobs.map((job) => (
                <Dispute key={job.job_id} job={job} fees={fees} onDone={found.again} />
              ))}
            </ul>
          </>
        )
      }
    </Show>
  );
}

interface DisputeProps {
  readonly job: Job;
  readonly fees: Fees;
  readonly onDone: () => void;
}

function Dispute({ job, fees, onDone }: DisputeProps): JSX.Element {
  const stakes = stakesOf({ job, fees });
  const [share, setShare] = useState((stakes.price + stakes.bond) / 2n);
  const [note, setNote] = useState('');
  const [isAsking, setAsking] = useState(false);
  return (
    <li>
      <div class="row">
        <strong class="id">{job.job_id}</strong>
        <Status of={job.status} />
      </div>
      <p class="soft">
        client <AgentLink id={job.client_agent_id} />, seller <AgentLink id={job.seller_agent_id} /> · price{' '}
        <Money of={job.agreed_price} />, bond <Money of={job.seller_abort_penalty} /> · since{' '}
        <Time at={job.updated_at} />
      </p>
      {job.requirements !== null && <Json of={job.requirements} label="Requirements" />}
      <details class="panel">
        <summary>Resolve</summary>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setAsking(true);
          }}
        >
          <ShareSlider stakes={stakes} sellerShare={share} onChange={setShare} />
          <Field label="Why, for the audit trail">
            {(id) => (
              <textarea
                id={id}
                rows={2}
                required
                value={note}
                onInput={(event) => setNote(event.currentTarget.value)}
              />
            )}
          </Field>
          <button type="submit" class="main">
            Resolve so
          </button>
        </form>
      </details>
      {isAsking && (
        <Confirm
          title="Resolve the dispute?"
          verb="Pay it so"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await post(`/operator/jobs/${job.job_id}/resolve`, { ...sharesOf(share, stakes), note }, { as });
            onDone();
          }}
        >
          <p>This is paid at once, and cannot be undone:</p>
          <WhoGetsWhat split={splitByShare(share, stakes)} />
        </Confirm>
      )}
    </li>
  );
}

function FailedDeliveries(): JSX.Element {
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

/** By id, since that is what complaints and logs name. */
function Agents(): JSX.Element {
  const [id, setId] = useState('');
  const [agent, setAgent] = useState<Agent | null>(null);
  const [note, setNote] = useState('');
  const [isAsking, setAsking] = useState(false);
  const action = useAction();
  const look = async (): Promise<void> => setAgent(await get<Agent>(`/agents/${id.trim()}`, { as: null }));
  const verb = agent?.status === 'suspended' ? 'Reinstate' : 'Suspend';
  return (
    <>
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          action.run(look);
        }}
      >
        <Field label="Agent id">
          {(field) => (
            <input id={field} required value={id} onInput={(event) => setId(event.currentTarget.value)} />
          )}
        </Field>
        <button type="submit" class="main" disabled={action.isBusy}>
          Look it up
        </button>
      </form>
      {action.error !== null && <Failure error={action.error} />}
      {agent !== null && (
        <section class="panel">
          <h2>
            <AgentLink id={agent.agent_id} name={agent.display_name} /> <Status of={agent.status} />
          </h2>
          <p class="soft">
            since <Time at={agent.created_at} />, last seen <Time at={agent.last_seen} />
          </p>
          <Field label="Why, for the audit trail">
            {(field) => (
              <input id={field} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
            )}
          </Field>
          <button
            type="button"
            disabled={note === '' || agent.status === 'deactivated'}
            onClick={() => setAsking(true)}
          >
            {verb}
          </button>
        </section>
      )}
      {isAsking && agent !== null && (
        <Confirm
          title={`${verb} ${agent.display_name}?`}
          verb={verb}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await post(`/operator/agents/${agent.agent_id}/${verb.toLowerCase()}`, { note }, { as });
            await look();
          }}
        >
          <p>
            {verb === 'Suspend'
              ? 'Its requests are refused from then on. Its timers and settlements go on.'
              : 'Its requests are taken again.'}
          </p>
        </Confirm>
      )}
    </>
  );
}

function AuditTrail(): JSX.Element {
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
