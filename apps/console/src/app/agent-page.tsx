import type { Agent, Listing, Reputation } from '@agent-registry/client';
import type { JSX } from 'preact';
import { get, type Page } from './api.ts';
import { useLoad } from './load.ts';
import { Propose } from './propose.tsx';
import { useSession } from './session.ts';
import { Standings } from './standings.tsx';
import { Table } from './table.tsx';
import { Money, Show, Status, Time } from './ui.tsx';

interface Shown {
  readonly agent: Agent;
  readonly reputation: Reputation;
  readonly listings: readonly Listing[];
}

async function read(id: string, signal: AbortSignal): Promise<Shown> {
  const options = { signal, as: null } as const;
  const [agent, reputation, listings] = await Promise.all([
    get<Agent>(`/agents/${id}`, options),
    get<Reputation>(`/agents/${id}/reputation`, options),
    get<Page<Listing>>(`/agents/${id}/listings`, { ...options, query: { limit: 100 } }),
  ]);
  return { agent, reputation, listings: listings.items };
}

/** An agent as everybody sees it. */
export function AgentPage({ agentId }: { readonly agentId: string }): JSX.Element {
  const shown = useLoad(`agent ${agentId}`, (signal) => read(agentId, signal));
  return (
    <>
      {(shown.state === 'failed' || shown.value === null) && <h1>An agent</h1>}
      <Show of={shown}>{(value) => <Profile {...value} />}</Show>
    </>
  );
}

function Profile({ agent, reputation, listings }: Shown): JSX.Element {
  const session = useSession();
  return (
    <>
      <h1>
        {agent.display_name} {agent.status !== 'active' && <Status of={agent.status} />}
      </h1>
      <p class="soft">
        {agent.is_online ? 'Online now' : 'Not online'} · since <Time at={agent.created_at} /> ·{' '}
        {agent.proven ? 'its key is proven' : 'its key was never proven'}
      </p>
      {agent.description !== null && <p class="lead">{agent.description}</p>}
      {agent.capabilities.length > 0 && (
        <ul class="tags" aria-label="Capabilities">
          {agent.capabilities.map((word) => (
            <li key={word}>{word}</li>
          ))}
        </ul>
      )}
      <h2>What it sells</h2>
      <Table
        caption="Listings"
        empty="It offers nothing at the moment."
        rows={listings}
        keyOf={(row) => row.listing_id}
        columns={[
          ['Skill', (row) => <strong>{row.skill_id}</strong>],
          ['Description', (row) => row.description ?? '–'],
          ['Price from', (row) => <Money of={row.base_price} />, 'number'],
        ]}
      />
      {session.agent !== null && session.agent.agentId !== agent.agent_id && agent.status === 'active' && (
        <Propose sellerId={agent.agent_id} listings={listings} />
      )}
      <Standings agentId={agent.agent_id} reputation={reputation} />
      <p class="soft id">
        {agent.agent_id} · key {agent.public_key}
      </p>
    </>
  );
}
