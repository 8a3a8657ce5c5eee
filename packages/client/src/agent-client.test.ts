import { type Contract, contracts } from '@agent-registry/schemas';
import { generateKeyPair } from '@agent-registry/signing';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type AgentClient, createAgentClient } from './agent-client.ts';
import type { Connection } from './connection.ts';
import { register } from './register.ts';
import {
  type Answer,
  isSignedBy,
  type ScriptedServer,
  startScriptedServer,
} from './testing/scripted-server.ts';

const agentId = '01930000-0000-7000-8000-000000000001';
const jobId = '01930000-0000-7000-8000-00000000000a';
const keys = generateKeyPair();
let server: ScriptedServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function clientOf(answers: Answer[], connection: Partial<Connection> = {}): Promise<AgentClient> {
  server = await startScriptedServer(answers);
  return createAgentClient({
    baseUrl: server.baseUrl,
    agentId,
    privateKey: keys.privateKey,
    ...connection,
  });
}

describe('a call', () => {
  test.each(['rfc9421', 'agentsig'] as const)(
    'a call by %s signs method, path and the very bytes it sends',
    async (scheme) => {
      const client = await clientOf([{ status: 201, body: { job_id: jobId } }], { scheme });
      const job = await client.proposeJob({
        seller_agent_id: agentId,
        max_budget: '20.00',
        requirements: { text: 'Zoë €' },
      });
      expect(job.job_id).toBe(jobId);
      const seen = server!.seen[0]!;
      expect(seen).toMatchObject({ method: 'POST', url: '/v1/jobs' });
      expect(seen.headers.authorization !== undefined).toBe(scheme === 'agentsig');
      expect(isSignedBy(keys.publicKey, seen)).toBe(true);
      expect(isSignedBy(keys.publicKey, { ...seen, body: `${seen.body} ` })).toBe(false);
      expect(JSON.parse(seen.body)).toEqual({
        seller_agent_id: agentId,
        max_budget: '20.00',
        requirements: { text: 'Zoë €' },
      });
    },
  );

  test('a call puts parameters into the path and the rest into the query, and signs both', async () => {
    const client = await clientOf([{ status: 200, body: [] }]);
    await client.listWebhooks({ status: 'failed', limit: 5 });
    const seen = server!.seen[0]!;
    expect(seen.url).toBe(`/v1/agents/${agentId}/webhooks?status=failed&limit=5`);
    expect(seen.body).toBe('');
    expect(isSignedBy(keys.publicKey, seen)).toBe(true);
  });

  test('a call sends no JSON where the endpoint takes none', async () => {
    const client = await clientOf([{ status: 200, body: {} }]);
    await client.startJob({ job_id: jobId });
    expect(server!.seen[0]).toMatchObject({ url: `/v1/jobs/${jobId}/start`, body: '' });
    expect(server!.seen[0]!.headers['content-type']).toBeUndefined();
  });

  test('a call keeps a prefix of the base URL, and signs it', async () => {
    server = await startScriptedServer([{ status: 200, body: {} }]);
    const client = createAgentClient({
      baseUrl: `${server.baseUrl}/registry/`,
      agentId,
      privateKey: keys.privateKey,
    });
    await client.getBalance();
    expect(server.seen[0]!.url).toBe(`/registry/v1/agents/${agentId}/balance`);
    expect(isSignedBy(keys.publicKey, server.seen[0]!)).toBe(true);
  });

  test('a call resolves to nothing for 204', async () => {
    const client = await clientOf([{ status: 204 }]);
    await expect(client.deleteAgent()).resolves.toBeUndefined();
  });

  test('a call asks to await a verdict by Prefer, without an idempotency key', async () => {
    const client = await clientOf([{ status: 202, body: { job: {}, verification: null } }]);
    await client.verifyJob({ job_id: jobId }, { waitSeconds: 3 });
    expect(server!.seen[0]!.headers.prefer).toBe('wait=3');
    expect(server!.seen[0]!.headers['idempotency-key']).toBeUndefined();
  });

  test('a call follows no redirect, since the signature names another path', async () => {
    const client = await clientOf([{ status: 307, headers: { location: '/elsewhere' } }]);
    await expect(client.getBalance()).rejects.toMatchObject({ status: 307, code: 'unknown' });
    expect(server!.seen).toHaveLength(1);
  });
});

describe('a base URL', () => {
  test.each(['localhost:8000', 'registry.example', '', 'ftp://registry.example'])(
    'a base URL that is none, %j, is refused before anything is sent',
    async (baseUrl) => {
      const said = `baseUrl must be an http or https URL, such as http://localhost:8000, not ${baseUrl}`;
      expect(() => createAgentClient({ baseUrl })).toThrow(new TypeError(said));
      await expect(register({ baseUrl }, { display_name: 'Alice' })).rejects.toThrow(new TypeError(said));
    },
  );

  test.each([
    ['http://localhost:8000/v1', 'http://localhost:8000'],
    ['https://registry.example/market/v1/', 'https://registry.example/market'],
  ])('a base URL that names the version, %s, is refused with the one that is meant', (baseUrl, meant) => {
    expect(() => createAgentClient({ baseUrl })).toThrow(
      new TypeError(`baseUrl must leave out /v1, which every call adds: ${meant}`),
    );
  });

  test('a base URL may end in slashes', async () => {
    server = await startScriptedServer([{ status: 200, body: {} }]);
    await createAgentClient({ baseUrl: `${server.baseUrl}//` }).discover();
    expect(server.seen[0]!.url).toBe('/v1/discover');
  });
});

describe('a client without an identity', () => {
  test('a client without an identity reads what is open, unsigned', async () => {
    server = await startScriptedServer([{ status: 200, body: { items: [] } }]);
    await createAgentClient({ baseUrl: server.baseUrl }).discover({ q: 'summaries', max_price: 12.5 });
    expect(server.seen[0]!.url).toBe('/v1/discover?q=summaries&max_price=12.5');
    expect(server.seen[0]!.headers.signature).toBeUndefined();
  });

  test('a client without an identity refuses a signed call before anything is sent', async () => {
    server = await startScriptedServer([{ status: 200, body: {} }]);
    const nobody = createAgentClient({ baseUrl: server.baseUrl });
    await expect(nobody.listJobs()).rejects.toThrow('listJobs needs a client with agentId and privateKey');
    expect(server.seen).toHaveLength(0);
  });
});

test('registering makes a key pair, and a client that signs by it', async () => {
  server = await startScriptedServer([
    { status: 201, body: { agent_id: agentId, webhook_secret: 'whsec_x' } },
    { status: 200, body: {} },
  ]);
  const registered = await register({ baseUrl: server.baseUrl }, { display_name: 'Alice' });
  expect(registered.webhookSecret).toBe('whsec_x');
  expect(registered.agent).not.toHaveProperty('webhook_secret');
  expect(JSON.parse(server.seen[0]!.body)).toEqual({
    display_name: 'Alice',
    public_key: registered.keys.publicKey,
  });
  expect(server.seen[0]!.headers['signature-input']).toContain(`keyid="${registered.keys.publicKey}"`);
  expect(isSignedBy(registered.keys.publicKey, server.seen[0]!)).toBe(true);
  await registered.client.getBalance();
  expect(isSignedBy(registered.keys.publicKey, server.seen[1]!)).toBe(true);
});

test('no contract says one name in two places, so that one flat record is enough', () => {
  const shapeOf = (schema: unknown) => Object.keys((schema as { shape?: object } | undefined)?.shape ?? {});
  for (const contract of Object.values<Contract>(contracts)) {
    const names = [contract.params, contract.query, contract.body].flatMap(shapeOf);
    expect(names).toEqual([...new Set(names)]);
    expect(contract.query === undefined || contract.body === undefined).toBe(true);
  }
});

test('operators have no methods here', () => {
  const names = Object.keys(createAgentClient({ baseUrl: 'http://127.0.0.1' }));
  expect(names).toContain('proposeJob');
  expect(names.filter((name) => name.startsWith('operator'))).toEqual([]);
});

test('a call that lacks a path parameter does not compile, and fails by name', async () => {
  const client = createAgentClient({ baseUrl: 'http://127.0.0.1', agentId, privateKey: keys.privateKey });
  // @ts-expect-error job_id is missing
  await expect(client.getJob()).rejects.toThrow('getJob needs job_id');
});

test.each(['', '.', '..'])('an id of "%s", which leads to another address, is refused unsent', async (id) => {
  const client = await clientOf([]);
  await expect(client.getListing({ listing_id: id })).rejects.toThrow(`listing_id cannot be "${id}"`);
  expect(server!.seen).toEqual([]);
});
