import type { AgentRow } from '@agent-registry/db';
import { formatCents, type MarketRules, type Reputation } from '@agent-registry/schemas';
import { time } from './time.ts';

/** An agent's standing in both roles; "New" until it has three reviews that weigh. */
export function presentReputation(
  agent: AgentRow,
  topTags: Reputation['top_tags'],
  { reputation: policy, feeRatePpm }: MarketRules,
): Reputation {
  return {
    agent_id: agent.agent_id,
    reputation_seller: agent.reputation_seller,
    reputation_client: agent.reputation_client,
    reputation_seller_display: display(agent.reputation_seller),
    reputation_client_display: display(agent.reputation_client),
    total_reviews_as_seller: agent.reviews_as_seller,
    total_reviews_as_client: agent.reviews_as_client,
    attack_cost_seller: formatCents(agent.attack_cost_seller),
    attack_cost_client: formatCents(agent.attack_cost_client),
    counterparties: agent.counterparties,
    formula: policy.fullFees === 0n ? '1' : '2',
    policy: {
      full_fees: formatCents(policy.fullFees),
      counterparties: policy.counterparties,
      fee_rate_ppm: feeRatePpm,
    },
    top_tags: topTags,
    as_of: time(agent.reputation_as_of),
  };
}

function display(score: number | null): string {
  return score === null ? 'New' : score.toFixed(2);
}
