import type { OperatorAgent, OperatorAgentView } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get, post } from './api.ts';
import { Confirm } from './confirm.tsx';
import { Figures } from './figures.tsx';
import { ActionForm, SelectField, TextField, useTypedWords } from './form.tsx';
import { ListTable, useList } from './list.tsx';
import { DeliveriesOf, JobsOf, StatementOf } from './lists-of-agent.tsx';
import { useLoad } from './load.ts';
import { Bars } from './plot.tsx';
import { Link } from './router.tsx';
import { Table } from './table.tsx';
import { AgentLink, Money, Show, Status, Time } from './ui.tsx';

const as = 'operator' as const;
const SORTS = [
  ['created_at', 'newest'],
  ['last_seen', 'last seen'],
  ['balance', 'richest'],
] as const;

/** Agents by name, endpoint, key or id, as one types. */
export function Agents(): JSX.Element {
  const { words, asked, type } = useTypedWords();
  const [sort, setSort] = useState<string>('created_at');
  const found = useList<OperatorAgent>({
    path: '/operator/agents',
    query: { q: asked, sort },
    as,
    keyOf: ({ agent_id }) => agent_id,
  });
  return (
    <>
      <div class="columns">
        <TextField label="Name, endpoint, key or id" type="search" value={words} onText={type} />
        <SelectField label="First the" value={sort} onValue={setSort} options={SORTS} />
      </div>
      <ListTable
        list={found}
        caption={(total) => (total === 1 ? '1 agent' : `${total} agents`)}
        empty="No agent is called that."
        columns={[
          ['Name', (row) => <Link to={`/operator/agents/${row.agent_id}`}>{row.display_name}</Link>],
          ['State', (row) => <Status of={row.status} />],
          ['Balance', (row) => <Money of={row.balance} />, 'number'],
          ['Last seen', (row) => <Time at={row.last_seen} />],
          ['Since', (row) => <Time at={row.created_at} />],
        ]}
      />
    </>
  );
}

/** All that operators see of one. */
export function AgentView({ agentId }: { readonly agentId: string }): JSX.Element {
  const found = useLoad(`operator agent ${agentId}`, (signal) =>
    get<OperatorAgentView>(`/operator/agents/${agentId}`, { as, signal }),
  );
  return <Show of={found}>{(view) => <View view={view} onDone={found.again} />}</Show>;
}

function View({
  view,
  onDone,
}: {
  readonly view: OperatorAgentView;
  readonly onDone: () => void;
}): JSX.Element {
  const { agent, balance, jobs, limits } = view;
  return (
    <>
      <h2>
        <AgentLink id={agent.agent_id} name={agent.display_name} /> <Status of={agent.status} />
      </h2>
      <p class="soft">
        since <Time at={agent.created_at} />, last seen <Time at={agent.last_seen} />
        {agent.suspension_reason !== null && ` · told: ${agent.suspension_reason}`}
      </p>
      <Govern agent={agent} onDone={onDone} />
      <Figures
        figures={[
          ['To spend', <Money of={balance.balance} />],
          ['Held in escrow', <Money of={balance.held_in_escrow} />],
          ['Held as bonds', <Money of={balance.held_in_bonds} />],
        ]}
      />
      <Bars
        title="Jobs by state"
        bars={Object.entries(jobs)
          .filter(([, value]) => value > 0)
          .map(([name, value]) => ({ name, value }))}
      />
      <JobsOf agentId={agent.agent_id} />
      <StatementOf agentId={agent.agent_id} />
      <DeliveriesOf agentId={agent.agent_id} />
      <h2>Limits used</h2>
      <Table
        caption="What it has used of what it may"
        rows={limits}
        keyOf={(row) => row.name}
        columns={[
          ['Limit', (row) => row.name],
          ['Used', (row) => row.used.toLocaleString(), 'number'],
          ['Of', (row) => row.limit.toLocaleString(), 'number'],
        ]}
      />
      <p class="soft id">
        {agent.agent_id} · key {view.keys.public_key}
      </p>
    </>
  );
}

function Govern({
  agent,
  onDone,
}: {
  readonly agent: OperatorAgent;
  readonly onDone: () => void;
}): JSX.Element | null {
  const [note, setNote] = useState('');
  const [reason, setReason] = useState('');
  const [isAsking, setAsking] = useState(false);
  if (agent.status === 'deactivated') return null;
  const isSuspending = agent.status === 'active';
  const verb = isSuspending ? 'Suspend' : 'Reinstate';
  return (
    <details class="panel">
      <summary>{verb}</summary>
      <ActionForm verb={verb} onSubmit={async () => setAsking(true)}>
        <TextField label="Why, for the audit trail" required value={note} onText={setNote} />
        {isSuspending && <TextField label="What the agent is told" value={reason} onText={setReason} />}
      </ActionForm>
      {isAsking && (
        <Confirm
          title={`${verb} ${agent.display_name}?`}
          verb={verb}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            const told = isSuspending && reason !== '' ? { reason } : {};
            await post(`/operator/agents/${agent.agent_id}/${verb.toLowerCase()}`, { note, ...told }, { as });
            onDone();
          }}
        >
          <p>
            {isSuspending
              ? 'Its requests are refused from then on. Its timers and settlements go on, and it keeps its money.'
              : 'Its requests are taken again.'}
          </p>
        </Confirm>
      )}
    </details>
  );
}
