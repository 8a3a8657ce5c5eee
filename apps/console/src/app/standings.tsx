import type { Reputation, Review } from '@agent-registry/client';
import type { JSX } from 'preact';
import { itemsOf, ListTable, useList } from './list.tsx';
import { Plot } from './plot.tsx';
import { AgentLink, JobLink, Money, Time } from './ui.tsx';

interface StandingsProps {
  readonly agentId: string;
  readonly reputation: Reputation;
}

/** An agent's two scores, how they came about, and the reviews that they are made of. */
export function Standings({ agentId, reputation }: StandingsProps): JSX.Element {
  const found = useList<Review>({
    path: `/agents/${agentId}/reviews`,
    as: null,
    keyOf: ({ review_id }) => review_id,
  });
  const reviews = itemsOf(found);
  return (
    <>
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
      <ListTable
        list={found}
        caption={() => 'Reviews, the newest first'}
        empty="Nobody has reviewed it yet."
        columns={[
          ['When', (row) => <Time at={row.created_at} />],
          ['As', (row) => (row.role === 'client_reviewing_seller' ? 'seller' : 'client')],
          ['Rating', (row) => `${row.rating} of 5`, 'number'],
          ['By', (row) => <AgentLink id={row.reviewer_agent_id} />],
          ['Said', (row) => [row.comment, ...row.tags].filter(Boolean).join(' · ') || '–'],
          ['Job', (row) => <JobLink id={row.job_id} />],
        ]}
      />
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
      {total > 0 && (
        <p class="soft">
          Each review weighs what its job paid in fees, and one counterparty counts for a part at most. To
          fake this would have cost <Money of={attackCost} /> at least: stake no more on a stranger, or ask
          for a bond.
        </p>
      )}
      {mean.length > 1 && (
        <Plot title={`Mean of the ratings as ${side}`} points={mean} range={[0, 5]} kind="line" />
      )}
    </section>
  );
}
