import type { AgentCardRow, AgentRow } from '@agent-registry/db';
import { type CardReport, type CardView, RegistryError } from '@agent-registry/schemas';
import { optionalTime } from './time.ts';

/** The card that an agent keeps elsewhere; null where it keeps none. What another key had signed has drifted. */
export function presentCard(agent: AgentRow): CardView | null {
  const { agent_card_url: url, card_status: status } = agent;
  if (url === null || status === null) return null;
  const isStale = status === 'verified' && agent.card_key !== agent.public_key;
  return { url, status: isStale ? 'drifted' : status, checked_at: optionalTime(agent.card_checked_at) };
}

/** The same with all that came of looking at it. @throws RegistryError not_found. */
export function presentCardReport(agent: AgentRow, card: AgentCardRow | undefined): CardReport {
  const view = presentCard(agent);
  if (view === null) throw new RegistryError('not_found', 'The agent has no agent_card_url.');
  return {
    ...view,
    protocol_version: card?.protocol_version ?? null,
    flaws: card?.flaws ?? [],
    suggestions: card?.suggestions ?? null,
  };
}
