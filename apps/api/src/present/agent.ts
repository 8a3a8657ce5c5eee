import type { AgentRow } from '@agent-registry/db';
import { isOnline } from '@agent-registry/domain';
import type { Agent } from '@agent-registry/schemas';
import { presentCard } from './card.ts';
import { optionalTime, time } from './time.ts';

/** An agent as anybody may see it; to itself with the state of its endpoint. */
export function presentAgent(agent: AgentRow, viewerId: string | null, now: Date): Agent {
  const card = presentCard(agent);
  return {
    agent_id: agent.agent_id,
    public_key: agent.public_key,
    display_name: agent.display_name,
    description: agent.description,
    endpoint_url: agent.endpoint_url,
    hosting_mode: agent.hosting_mode,
    capabilities: agent.capabilities,
    reputation_seller: agent.reputation_seller,
    reputation_client: agent.reputation_client,
    status: agent.status,
    proven: agent.proven_at !== null,
    created_at: time(agent.created_at),
    last_seen: optionalTime(agent.last_seen),
    is_online: isOnline(agent, now),
    ...(card === null ? {} : { card }),
    ...(viewerId === agent.agent_id ? { endpoint: presentEndpoint(agent) } : {}),
  };
}

function presentEndpoint(agent: AgentRow): NonNullable<Agent['endpoint']> {
  const enabled = agent.endpoint_disabled_at === null;
  return {
    state: agent.endpoint_url === null ? 'none' : enabled ? 'enabled' : 'disabled',
    disabled_at: optionalTime(agent.endpoint_disabled_at),
    reason: agent.endpoint_disabled_reason,
    failing_since: optionalTime(agent.endpoint_failing_since),
  };
}
