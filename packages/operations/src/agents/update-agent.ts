import { type AgentRow, updateAgentRow, updateListingsOf } from '@agent-registry/db';
import { fieldRefusal, type HostingMode } from '@agent-registry/schemas';
import { requestCard, unseenCard } from '../cards/request-card.ts';
import type { Op } from '../op.ts';
import { loadAgent } from './load-agent.ts';

/** What an agent may change of itself; what is left out stays, null clears. */
export interface AgentChange {
  readonly displayName?: string | undefined;
  readonly description?: string | null | undefined;
  /** Already vetted. */
  readonly endpointUrl?: string | null | undefined;
  /** The same; its card is fetched, also where it is the one that is known. */
  readonly agentCardUrl?: string | null | undefined;
  readonly capabilities?: readonly string[] | undefined;
}

/** An endpoint in good standing again: what enables a disabled one. */
export const ENDPOINT_ENABLED = {
  endpoint_disabled_at: null,
  endpoint_disabled_reason: null,
  endpoint_failing_since: null,
  endpoint_failures: 0,
} as const;

/** Changes a profile, and what discovery shows of it. @throws RegistryError not_found, validation_failed. */
export async function updateAgent(op: Op, input: { agentId: string } & AgentChange): Promise<AgentRow> {
  const agent = await loadAgent(op, input.agentId);
  const external = agent.hosting_mode === 'external' || agent.hosting_mode === 'client_only';
  if (input.endpointUrl !== undefined && input.endpointUrl !== null && !external) {
    throw fieldRefusal('endpoint_url', `is only for hosting_mode external, not ${agent.hosting_mode}`);
  }
  const updated = await updateAgentRow(op.trx, agent.agent_id, {
    updated_at: op.now,
    ...(input.displayName === undefined ? {} : { display_name: input.displayName }),
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.agentCardUrl === undefined ? {} : unseenCard(input.agentCardUrl)),
    ...(input.capabilities === undefined ? {} : { capabilities: [...input.capabilities] }),
    ...(input.endpointUrl === undefined ? {} : { endpoint_url: input.endpointUrl, ...ENDPOINT_ENABLED }),
    ...(input.endpointUrl === undefined ? {} : { hosting_mode: hostingModeOf(agent, input.endpointUrl) }),
  });
  if (typeof input.agentCardUrl === 'string')
    await requestCard(op, agent.agent_id, input.agentCardUrl !== agent.agent_card_url);
  if (input.displayName !== undefined || input.capabilities !== undefined) await syncListings(op, updated);
  return updated;
}

/** Only external hosting has an endpoint, and it has one: without, an agent reads its events. */
function hostingModeOf({ hosting_mode: mode }: AgentRow, endpointUrl: string | null): HostingMode {
  if (endpointUrl !== null) return 'external';
  return mode === 'external' ? 'client_only' : mode;
}

/** Brings what the listings say of their seller in line with the seller's row. */
export async function syncListings(op: Op, agent: AgentRow): Promise<void> {
  await updateListingsOf(op.trx, agent.agent_id, {
    seller_display_name: agent.display_name,
    seller_capabilities: agent.capabilities,
    seller_capabilities_text: agent.capabilities.join(' '),
    seller_active: agent.status === 'active',
    seller_reputation: agent.reputation_seller ?? 0,
  });
}
