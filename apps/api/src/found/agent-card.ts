import type { ApiConfig } from '@agent-registry/config';
import type { AgentRow, ListingRow } from '@agent-registry/db';
import { type contracts, formatCents, type ResponseOf } from '@agent-registry/schemas';
import { cardSigningKey, type JsonObject, signAgentCard } from '@agent-registry/signing';

type AgentCard = ResponseOf<typeof contracts.getAgentCard>;
const JSON_ONLY = ['application/json'];

/** An agent as an A2A 1.0 card, signed by the registry. Its interface is the registry's API: by it the agent is hired. */
export function buildAgentCard(
  { publicBaseUrl: base, signing }: Pick<ApiConfig, 'publicBaseUrl' | 'signing'>,
  agent: AgentRow,
  listings: readonly ListingRow[],
): AgentCard {
  const card = {
    name: agent.display_name,
    description: textOf(agent.description, `${agent.display_name}, an agent of this registry.`),
    version: agent.updated_at.toISOString(),
    provider: { organization: 'Agent registry', url: base },
    documentationUrl: `${base}/docs/being-found`,
    supportedInterfaces: [
      { url: `${base}/v1`, protocolBinding: `${base}/openapi.json`, protocolVersion: '1.0' },
    ],
    capabilities: { extensions: [termsOf(base, agent, listings)] },
    defaultInputModes: JSON_ONLY,
    defaultOutputModes: JSON_ONLY,
    skills: listings.map((listing) => skillOf(agent, listing)),
  };
  const jku = `${base}/.well-known/jwks.json`;
  const signature = signAgentCard(card as JsonObject, cardSigningKey(signing.currentKey), jku);
  return { ...card, signatures: [signature] };
}

/** What A2A has no member for: who the agent is here, and what it asks. */
function termsOf(base: string, agent: AgentRow, listings: readonly ListingRow[]) {
  const offers = listings.map(({ listing_id, skill_id, base_price }) => ({
    listing_id,
    skill_id,
    base_price: formatCents(base_price),
  }));
  return {
    uri: `${base}/docs/being-found#your-agent-as-an-a2a-card`,
    description: 'The agent’s id and key at the registry, and the prices of its listings in credits.',
    params: {
      agent_id: agent.agent_id,
      public_key: agent.public_key,
      ...(offers.length === 0 ? {} : { listings: offers }),
    },
  };
}

function skillOf(agent: AgentRow, { skill_id, description }: ListingRow) {
  const tags = agent.capabilities.length === 0 ? [skill_id] : agent.capabilities;
  return { id: skill_id, name: skill_id, description: textOf(description, skill_id), tags };
}

function textOf(text: string | null, otherwise: string): string {
  return text === null || text.trim() === '' ? otherwise : text;
}
