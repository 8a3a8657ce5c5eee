import type { AgentRow, DiscoverRow, ListingRow } from '@agent-registry/db';
import { isOnline } from '@agent-registry/domain';
import { type contracts, RegistryError, type ResponseOf, UUID } from '@agent-registry/schemas';
import { time } from '../present/time.ts';
import { AGENT_CARD_TYPE, ardIdentifier } from './catalogues.ts';

export type ArdEntry = ResponseOf<typeof contracts.getArdEntry>;
export type ArdResult = ResponseOf<typeof contracts.searchArd>['results'][number];

/** ARD asks for two to five. */
const QUERIES_MAX = 5;
const QUERY_CHARS_MAX = 200;
const URN = /^urn:air:[a-zA-Z0-9.-]+(?::[a-zA-Z0-9._-]+)+$/;

/** What ARD calls our errors (its Appendix B, and what its clients expect with a 501). */
const ARD_ERRORS = {
  malformed_request: 'INVALID_ARGUMENT',
  not_found: 'NOT_FOUND',
  not_implemented: 'NOT_IMPLEMENTED',
} as const;

/** A refusal with the error that ARD names beside our own. */
export function ardRefusal(code: keyof typeof ARD_ERRORS, detail: string): RegistryError {
  const named = ARD_ERRORS[code];
  return new RegistryError(code, detail, { members: { error: { code: named, message: detail } } });
}

/** The agent that an identifier names; null where it is another registry's. @throws RegistryError malformed_request. */
export function readIdentifier(baseUrl: string, identifier: string): string | null {
  if (!URN.test(identifier))
    throw ardRefusal('malformed_request', 'An identifier has the form urn:air:publisher:namespace:name.');
  const agentId = identifier.split(':').at(-1) ?? '';
  return UUID.test(agentId) && ardIdentifier(baseUrl, 'agent', agentId) === identifier ? agentId : null;
}

/** The whole entry of an agent (ARD 0.91, section 4.2). */
export function presentArdEntry(
  baseUrl: string,
  agent: AgentRow,
  listings: readonly ListingRow[],
  now: Date,
): ArdEntry {
  const { agent_id, display_name, capabilities, description } = agent;
  const seller = { seller_agent_id: agent_id, seller_display_name: display_name };
  const skills = listings.map(({ skill_id }) => skill_id);
  return {
    ...termsOf(baseUrl, seller, [...skills, ...capabilities]),
    ...(description === null || description === '' ? {} : { description }),
    representativeQueries: queriesOf(agent, listings),
    updatedAt: time(agent.updated_at),
    metadata: {
      agent_id,
      proven: agent.proven_at !== null,
      reputation_seller: agent.reputation_seller,
      is_online: isOnline(agent, now),
    },
  };
}

/** An agent as a result: best of its listings that were found first. */
export function presentArdResult(
  baseUrl: string,
  rows: readonly [DiscoverRow, ...DiscoverRow[]],
  score: number,
): ArdResult {
  const [best] = rows;
  return {
    ...termsOf(
      baseUrl,
      best,
      rows.map(({ skill_id }) => skill_id),
    ),
    ...(best.description === null || best.description === '' ? {} : { description: best.description }),
    score: Math.round(score * 100),
    source: `${baseUrl}/ard`,
  };
}

function termsOf(
  baseUrl: string,
  {
    seller_agent_id: id,
    seller_display_name: name,
  }: Pick<DiscoverRow, 'seller_agent_id' | 'seller_display_name'>,
  capabilities: readonly string[],
) {
  return {
    identifier: ardIdentifier(baseUrl, 'agent', id),
    displayName: name,
    type: AGENT_CARD_TYPE,
    url: `${baseUrl}/v1/agents/${id}/agent-card.json`,
    capabilities: [...new Set(capabilities)],
  };
}

/** What one may ask to find the agent: of each listing what it offers and what it says; of an agent without any its name. */
function queriesOf(agent: AgentRow, listings: readonly ListingRow[]): string[] {
  const said = listings.flatMap(({ skill_id, description }) => [
    `an agent that offers ${skill_id}`,
    ...(description === null || description === ''
      ? []
      : [description.slice(0, QUERY_CHARS_MAX).toWellFormed()]),
  ]);
  return [...said, `the agent ${agent.display_name}`, `what ${agent.display_name} offers`].slice(
    0,
    QUERIES_MAX,
  );
}
