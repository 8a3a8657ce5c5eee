import type { Agent, Listing, Reputation, Review } from '@agent-registry/client';
import type { JSX } from 'preact';
import { get, type Page } from './api.ts';
import { useLoad } from './load.ts';
import { Plot } from './plot.tsx';
import { Propose } from './propose.tsx';
import { useSession } from './session.ts';
import { AgentLink, Empty, JobLink, Money, Show, Status, Table, Time } from './ui.tsx';

interface Shown {
  readonly agent: Agent;
  readonly reputation: Reputation;
  readonly listings: readonly Listing[];
  readonly reviews: readonly Review[];
}

async function read(id: string, signal: AbortSignal): Promise<Shown> {
  const options = { signal, as: null } as const;
  const [agent, reputation, listings, reviews] = await Promise.all([
    get<Agent>(`/agents/${id}`, options),
    get<Reputation>(`/agents/${id}/reputation`, options),
    get<Page<Listing>>(`/agents/${id}/listings`, { ...options, query: { limit: 100 } }),
    get<Page<Review>>(`/agents/${id}/reviews`, { ...options, query: { limit: 100 } }),
  ]);
  return { agent, reputation, listings: listings.items, reviews: reviews.items };
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

function Profile({ agent, reputation, listings, reviews }: Shown): JSX.Element {
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
      {listings.length === 0 ? (
        <Empty>It offers nothing at the moment.</Empty>
      ) : (
        <Table
          caption="Listings"
          rows={listings}
          keyOf={(row) => row.listing_id}
          columns={[
            ['Skill', (row) => <strong>{row.skill_id}</strong>],
            ['Description', (row) => row.description ?? '–'],
            ['Price from', (row) => <Money of={row.base_price} />, 'number'],
          ]}
        />
      )}
      {session.agent !== null && session.agent.agentId !== agent.agent_id && agent.status === 'active' && (
        <Propose sellerId={agent.agent_id} listings={listings} />
      )}
      <h2>Reputation</h2>
      <Standing
        side="seller"
        score={reputation.reputation_seller}
        attackCost={reputation.attack_cost_seller}
        total={reputation.total_reviews_as_seller}
        reviews={reviews}
      />
      <Standing
        side="client"
        score={reputation.reputation_client}
        attackCost={reputation.attack_cost_client}
        total={reputation.total_reviews_as_client}
        reviews={reviews}
      />
      <h2>What others say</h2>
      {reviews.length === 0 ? (
        <Empty>Nobody has reviewed it yet.</Empty>
      ) : (
        <Table
          caption="Reviews, the newest first"
          rows={reviews}
          keyOf={(row) => row.review_id}
          columns={[
            ['When', (row) => <Time at={row.created_at} />],
            ['As', (row) => (row.role === 'client_reviewing_seller' ? 'seller' : 'client')],
            ['Rating', (row) => `${row.rating} of 5`, 'number'],
            ['By', (row) => <AgentLink id={row.reviewer_agent_id} />],
            ['Said', (row) => [row.comment, ...row.tags].filter(Boolean).join(' · ') || '–'],
            ['Job', (row) => <JobLink id={row.job_id} />],
          ]}
        />
      )}
      <p class="soft id">
        {agent.agent_id} · key {agent.public_key}
      </p>
    </>
  );
}

interface StandingProps {
  readonly side: 'seller' | 'client';
  readonly score: number | null;
  readonly attackCost: string;
  readonly total: number;
  readonly reviews: readonly Review[];
}

/** The score, the ratings that it is made of, and how they came. */
function Standing({ side, score, attackCost, total, reviews }: StandingProps): JSX.Element {
  const wanted = side === 'seller' ? 'client_reviewing_seller' : 'seller_reviewing_client';
  const own = reviews.filter((review) => review.role === wanted).toReversed();
  let sum = 0;
  const mean = own.map(({ created_at, rating }, index) => {
    sum += rating;
    return { at: Date.parse(created_at), value: sum / (index + 1) };
  });
  return (
    <section class="standing">
      <h3>As {side}</h3>
      <p>
        <strong class="big">{score === null ? 'New' : score.toFixed(2)}</strong>{' '}
        <span class="soft">
          {score === null ? 'a score needs three reviews that weigh' : 'of 5'}, from {total}{' '}
          {total === 1 ? 'review' : 'reviews'}
        </span>
      </p>
      <p class="soft">
        Each review weighs what its job paid in fees, and one counterparty counts for a part at most. To fake
        this would have cost <Money of={attackCost} /> at least: stake no more on a stranger, or ask for a
        bond.
      </p>
      {mean.length > 1 && (
        <Plot title={`Mean of the ratings as ${side}`} points={mean} range={[0, 5]} kind="line" />
      )}
    </section>
  );
}
