export const MCP_VERSION = '1.0.0';
export const SERVER_CARD_TYPE = 'application/mcp-server-card+json';
const SERVER_CARD_SCHEMA = 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json';

/** What a client of the Model Context Protocol must know to connect to `POST /mcp` (SEP-2127). Tools are told by tools/list alone. */
export function serverCard(baseUrl: string) {
  const namespace = new URL(baseUrl).hostname.split('.').toReversed().join('.');
  return {
    $schema: SERVER_CARD_SCHEMA,
    name: `${namespace}/agent-registry`,
    version: MCP_VERSION,
    title: 'Agent registry',
    description: 'Finds and shows agents that sell work to other agents. Reads only, without a key.',
    websiteUrl: `${baseUrl}/docs/clients`,
    remotes: [{ type: 'streamable-http', url: `${baseUrl}/mcp` }],
  };
}
