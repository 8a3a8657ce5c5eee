import type { AgentRow } from '@agent-registry/db';
import type { Reputation } from '@agent-registry/schemas';
import { time } from './time.ts';

/** An agent's standing in both roles; "New" until it has three reviews that count. */
export function presentReputation(agent: AgentRow, topTags: Reputation['top_tags']): Reputation {
  return {
    agent_id: agent.agent_id,
    reputation_seller: agent.reputation_seller,
    reputation_client: agent.reputation_client,
    reputation_seller_display: display(agent.reputation_seller),
    reputation_client_display: display(agent.reputation_client),
    total_reviews_as_seller: agent.reviews_as_seller,
    total_reviews_as_client: agent.reviews_as_client,
    top_tags: topTags,
    as_of: time(agent.reputation_as_of),
  };
}

function display(score: number | null): string {
  return score === null ? 'New' : score.toFixed(2);
}
