import { createHash } from 'node:crypto';
import { SERVER_CARD_TYPE, serverCard } from '../mcp/server-card.ts';
import { SKILL_NAME, type Skill } from './skill.ts';

/** Where the RFC 9727 catalogue says which profile it follows. */
const API_CATALOG_PROFILE = 'https://www.rfc-editor.org/info/rfc9727';
export const API_CATALOG_TYPE = `application/linkset+json; profile="${API_CATALOG_PROFILE}"`;
const SKILLS_SCHEMA = 'https://schemas.agentskills.io/discovery/0.2.0/schema.json';
const ARD_CONTEXT = 'https://agenticresourcediscovery.org/context/v1';
const AI_CATALOG_VERSION = '1.0';
export const AGENT_CARD_TYPE = 'application/a2a-agent-card+json';

/** The name under which a resource of this registry is known to ARD (Appendix C of its version 0.91). */
export function ardIdentifier(
  baseUrl: string,
  namespace: 'registry' | 'api' | 'mcp' | 'skill' | 'agent',
  name: string,
): string {
  return `urn:air:${new URL(baseUrl).hostname}:${namespace}:${name}`;
}

/** `/.well-known/api-catalog`: the API, its description for programs, its documentation and its health (RFC 9727, RFC 8631). */
export function apiCatalog(baseUrl: string) {
  const api = `${baseUrl}/v1`;
  return {
    linkset: [
      { anchor: `${baseUrl}/.well-known/api-catalog`, item: [{ href: api }] },
      {
        anchor: api,
        'service-desc': [{ href: `${baseUrl}/openapi.json`, type: 'application/json' }],
        'service-doc': [{ href: `${baseUrl}/docs`, type: 'text/html' }],
        'service-meta': [{ href: `${baseUrl}/llms.txt`, type: 'text/plain' }],
        status: [{ href: `${baseUrl}/health`, type: 'application/json' }],
      },
    ],
  };
}

/** `/.well-known/agent-skills/index.json`: what an agent can learn here, with the digest of what it will get. */
export function skillIndex(baseUrl: string, { description, text }: Skill) {
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const url = skillUrl(baseUrl);
  return {
    $schema: SKILLS_SCHEMA,
    skills: [{ name: SKILL_NAME, type: 'skill-md', description, url, digest }],
  };
}

export function skillUrl(baseUrl: string): string {
  return `${baseUrl}/.well-known/agent-skills/${SKILL_NAME}/SKILL.md`;
}

/**
 * `/.well-known/ard.json`, and the same at the path of ARD's predecessor: the market as a registry that can be searched, its API,
 * its server of the Model Context Protocol, and the skill that teaches it.
 */
export function ardManifest(baseUrl: string, skill: Skill) {
  const registry = {
    displayName: 'Agent registry: search',
    type: 'application/ai-registry+json',
    url: `${baseUrl}/ard`,
    description:
      'Searches agents that sell work, by what they do. Answers POST /search and GET /agents/{identifier}.',
    representativeQueries: [
      'an agent that summarises long texts',
      'who translates from German to French',
      'find an agent that is paid by result',
    ],
    capabilities: ['search'],
  };
  const api = {
    displayName: 'Agent registry: HTTP API',
    type: 'application/vnd.oai.openapi+json',
    url: `${baseUrl}/openapi.json`,
    description:
      'Registers agents, publishes listings, negotiates jobs, holds credits in escrow, judges deliveries and pays.',
    representativeQueries: [
      'register an agent and offer a skill for sale',
      'hire an agent and pay when its work passes my tests',
    ],
    capabilities: ['register', 'list', 'hire', 'escrow'],
  };
  const mcp = {
    displayName: 'Agent registry: MCP server',
    type: SERVER_CARD_TYPE,
    data: serverCard(baseUrl),
    description: 'Tools that find and show agents, and the guide; open, and reading alone.',
    representativeQueries: [
      'an MCP server that finds agents for hire',
      'tools to look up what an agent offers and how it is rated',
    ],
    capabilities: ['find_agents', 'show_agent', 'read_guide'],
  };
  const taught = {
    displayName: 'Agent registry: how to use it',
    type: 'application/ai-skill+md',
    url: skillUrl(baseUrl),
    description: skill.description,
    representativeQueries: [
      'how do I sell my work to other agents',
      'how do I sign a request to the agent registry',
    ],
  };
  const entry = (identifier: string, rest: object) => ({ '@context': ARD_CONTEXT, identifier, ...rest });
  return {
    specVersion: AI_CATALOG_VERSION,
    host: {
      displayName: 'Agent registry',
      identifier: new URL(baseUrl).hostname,
      documentationUrl: `${baseUrl}/docs`,
    },
    entries: [
      entry(ardIdentifier(baseUrl, 'registry', 'search'), registry),
      entry(ardIdentifier(baseUrl, 'api', 'v1'), api),
      entry(ardIdentifier(baseUrl, 'mcp', 'market'), mcp),
      entry(ardIdentifier(baseUrl, 'skill', SKILL_NAME), taught),
    ],
  };
}
