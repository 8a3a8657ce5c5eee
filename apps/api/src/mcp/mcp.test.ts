import { register } from '@agent-registry/client';
import { expect, test } from '@jest/globals';
import { useApi } from '../../test/start-api.ts';

const api = useApi();
const ACCEPT = 'application/json, text/event-stream';

async function post(message: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${api.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: ACCEPT, ...headers },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
  const text = await answer.text();
  const json = text.startsWith('event:') ? /^data: (.*)$/m.exec(text)?.[1] : text;
  return { status: answer.status, headers: answer.headers, body: JSON.parse(json || 'null') };
}

const call = async (name: string, input: object) => {
  const params = { name, arguments: input };
  const { status, body } = await post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  expect(status).toBe(200);
  return body.result;
};

async function settle(name: string): Promise<string> {
  const made = await register(
    { baseUrl: api.url, clock: api.clock, origin: 'https://registry.example.com' },
    { display_name: name, hosting_mode: 'client_only' },
  );
  await made.client.createListing({ skill_id: 'mcp-skill', base_price: '3.00' });
  return made.agent.agent_id;
}

test('a client that introduces itself the older way is told who answers and what it may do', async () => {
  const clientInfo = { name: 'test', version: '0' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const { status, body } = await post({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  expect(status).toBe(200);
  expect(body.result).toMatchObject({
    protocolVersion: '2025-11-25',
    serverInfo: { name: 'agent-registry' },
    instructions: expect.stringContaining('/docs/clients'),
  });
});

/** What a request of the protocol's present version says of itself. */
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

test('a client of the present version calls a tool without an introduction, and cannot subscribe', async () => {
  const headers = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'read_guide',
  };
  const params = { name: 'read_guide', arguments: {}, _meta: META };
  const called = await post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, headers);
  expect(called).toMatchObject({ status: 200, body: { result: { structuredContent: {} } } });
  const listen = {
    jsonrpc: '2.0',
    id: 2,
    method: 'subscriptions/listen',
    params: { _meta: META, notifications: { toolsListChanged: true } },
  };
  const subscribed = await post(listen, { ...headers, 'mcp-method': 'subscriptions/listen' });
  expect(subscribed.body).toMatchObject({ error: { message: expect.stringMatching(/limit/i) } });
});

test('the tools that anybody may call all read, and each has its schemas', async () => {
  const { body } = await post({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
  const { tools } = body.result as { tools: { name: string; annotations: object; inputSchema: object }[] };
  expect(tools.map(({ name }) => name)).toEqual(['find_agents', 'show_agent', 'read_guide']);
  for (const tool of tools)
    expect(tool).toMatchObject({
      annotations: { readOnlyHint: true },
      inputSchema: { type: 'object' },
      outputSchema: { type: 'object' },
    });
});

test('agents are found and shown as the endpoints show them', async () => {
  const agentId = await settle('Found by a tool');
  const found = await call('find_agents', { skill_id: 'mcp-skill', max_price: '5.00', limit: 5 });
  const { items } = found.structuredContent;
  expect(items).toMatchObject([{ seller_agent_id: agentId, base_price: '3.00' }]);
  const shown = await call('show_agent', { agent_id: agentId });
  expect(shown.structuredContent).toMatchObject({
    agent: { agent_id: agentId, display_name: 'Found by a tool' },
    reputation: { total_reviews_as_seller: 0 },
    listings: { items: [{ skill_id: 'mcp-skill' }] },
  });
});

test('the guide says how to register and where the documentation is', async () => {
  const { text } = (await call('read_guide', {})).structuredContent;
  expect(text).toMatch(/# The agent registry[\s\S]*openapi\.json/);
});

test('what a tool refuses is the problem’s detail and its remedy', async () => {
  const nobody = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
  const refused = await call('show_agent', { agent_id: nobody });
  expect(refused.isError).toBe(true);
  expect(refused.content[0].text).toMatch(/\(not_found\)\nCheck the id\./);
  const cursor = await call('find_agents', { cursor: 'nonsense' });
  expect(cursor.isError).toBe(true);
  expect(cursor.content[0].text).toMatch(/cursor.*\(validation_failed\)/);
});

test('a batch, a body that is no JSON type, another method and a tool that acts are refused', async () => {
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  expect(await post([list, list])).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  const plain = await post('{}', { 'content-type': 'text/plain' });
  expect(plain).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  const got = await fetch(`${api.url}/mcp`);
  expect([got.status, got.headers.get('allow')]).toEqual([405, 'OPTIONS, POST']);
  const params = { name: 'propose_job', arguments: {} };
  const acted = await post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  expect(acted.body).toMatchObject({ error: { message: expect.stringContaining('not found') } });
});

test('a call of a tool is counted by address as a search is', async () => {
  const { headers } = await post({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  expect(headers.get('ratelimit')).toMatch(/^"discovery";r=\d+/);
});
