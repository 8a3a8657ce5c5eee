import { Resolver } from 'node:dns/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findAgent } from '@agent-registry/db';
import { type CardLook, recheckCard, registerAgent } from '@agent-registry/operations';
import { startTestDns } from '@agent-registry/outbound/testing';
import { listen } from '@agent-registry/servers';
import { generateKeyPair, signAgentCard } from '@agent-registry/signing';
import { afterAll, expect, test } from '@jest/globals';
import { openRegistry } from '../testing/open-registry.ts';
import { type Registry, startRegistry } from '../testing/start-registry.ts';

const MINUTE_MS = 60_000;
let hits = 0;
/** What the stranger's server answers, by path. */
const served = new Map<string, { status?: number; headers?: Record<string, string>; body: string }>();

const server = await listen(
  createServer((req, res) => {
    hits += 1;
    const { status = 200, headers = {}, body } = served.get(req.url ?? '') ?? { status: 404, body: '' };
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }),
);
afterAll(() => server.close());
const base = server.url;
const registry = await openRegistry({ tasks: 'lose' });
const guarded = await openRegistry({
  tasks: 'lose',
  env: { WEBHOOK_ALLOW_PRIVATE_TARGETS: 'false' },
  outbound: {
    // The second answer is the address that rebinding wants to be dialled.
    resolver: async (host) => (host.startsWith('rebinding.') ? ['127.0.0.1'] : ['93.184.215.14', '10.0.0.1']),
  },
});

async function newAgent(url: string, at: Registry = registry) {
  const key = generateKeyPair();
  const { value, specs } = await at.run((op) =>
    registerAgent(op, {
      publicKey: key.publicKey,
      isProven: true,
      displayName: 'Owner’s own name',
      description: null,
      endpointUrl: null,
      agentCardUrl: url,
      hostingMode: null,
      capabilities: [],
    }),
  );
  return { key, agentId: value.agent.agent_id, specs };
}

/** Serves a card, has it looked at, and returns what is known then. */
async function lookAt(
  path: string,
  body: string,
  more: { status?: number; headers?: Record<string, string> } = {},
) {
  served.set(path, { body, ...more });
  const agent = await newAgent(base + path);
  expect((await registry.dispatch(agent.specs[0]!)).status).toBe(200);
  return { ...agent, ...(await known(agent.agentId)) };
}

async function known(agentId: string, at: Registry = registry) {
  const { db } = at.database;
  const agent = (await findAgent(db, agentId))!;
  const card = await db
    .selectFrom('agent_cards')
    .selectAll()
    .where('agent_id', '=', agentId)
    .executeTakeFirstOrThrow();
  const listings = await db
    .selectFrom('listings')
    .select('listing_id')
    .where('seller_agent_id', '=', agentId)
    .execute();
  const outbox = await db.selectFrom('outbox').selectAll().where('subject', '=', agentId).execute();
  return { status: agent.card_status, name: agent.display_name, ...card, listings, outbox };
}

/** The flaws as a list of texts. */
const said = ({ flaws }: { flaws: readonly { path: string; message: string }[] }) =>
  flaws.map(({ path, message }) => `${path}: ${message}`);

const unsigned = 'signatures: no Ed25519 signature, which the registered key could have made';
const skill = { id: 'summarise', name: 'Summarise', description: 'Shortens texts', tags: ['text'] };
const modern = {
  name: 'Card name',
  description: 'Does things',
  version: '1.0.0',
  supportedInterfaces: [
    { url: 'https://agent.acme.dev/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
  ],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [skill],
};
const { supportedInterfaces: _, ...older } = modern;
const draft = { skill_id: 'summarise', description: 'Shortens texts', tags: ['text'] };

test('a card of A2A 1.0 that says no protocolVersion is imported as drafts, and its one flaw is named', async () => {
  const interfaces = [{ url: 'https://agent.acme.dev/a2a', protocolBinding: 'JSONRPC' }];
  const seen = await lookAt('/one', JSON.stringify({ ...modern, supportedInterfaces: interfaces }));
  expect(said(seen)).toEqual(['supportedInterfaces.0.protocolVersion: is missing: taken for 1.0', unsigned]);
  expect([seen.status, seen.protocol_version]).toEqual(['unsigned', '1.0']);
  expect(seen.suggestions).toEqual({
    display_name: 'Card name',
    description: 'Does things',
    listings: [draft],
  });
  // Nothing is published without the owner's word.
  expect([seen.name, seen.listings, seen.outbox]).toEqual(['Owner’s own name', [], []]);
});

const interfacesMissing = 'supportedInterfaces: is missing: A2A 1.0 names there how the agent is reached';
test.each<[string, object, string | null, string[]]>([
  [
    'of A2A 0.3',
    { ...older, protocolVersion: '0.3.0', url: 'https://agent.acme.dev', preferredTransport: 'JSONRPC' },
    '0.3.0',
    [interfacesMissing],
  ],
  [
    'of A2A 0.2 with protocols of other kinds',
    { ...older, url: 'https://agent.acme.dev', protocols: { mcp: 'https://agent.acme.dev/mcp' }, acp: true },
    '0.2',
    [
      interfacesMissing,
      'protocolVersion: is missing: by its members the card is older than A2A 1.0',
      'protocols: is not known to A2A: ignored',
      'acp: is not known to A2A: ignored',
    ],
  ],
  [
    'whose capabilities are an array',
    { ...modern, capabilities: ['streaming'] },
    '1.0',
    ['capabilities: must be an object, is a list'],
  ],
  [
    'with placeholders for addresses',
    {
      ...modern,
      supportedInterfaces: [{ ...modern.supportedInterfaces[0], url: 'https://your-agent.example.com/{id}' }],
      documentationUrl: 'http://localhost:3000/docs',
      iconUrl: 'TODO',
    },
    '1.0',
    [
      'documentationUrl: is a placeholder',
      'iconUrl: is not an address',
      'supportedInterfaces.0.url: is a placeholder',
    ],
  ],
  [
    'with a $comment',
    { $comment: 'made by hand', ...modern },
    '1.0',
    ['$comment: is not known to A2A: ignored'],
  ],
  ['with null signatures', { ...modern, signatures: null }, '1.0', ['signatures: must be a list, is null']],
  [
    'with null for a signature',
    { ...modern, signatures: [null] },
    '1.0',
    ['signatures.0: must be an object, is null'],
  ],
])('a card %s is imported as drafts, with each flaw named', async (title, card, version, flaws) => {
  const seen = await lookAt(`/${encodeURIComponent(title)}`, JSON.stringify(card));
  expect(said(seen)).toEqual([...flaws, unsigned]);
  expect([seen.status, seen.protocol_version]).toEqual(['unsigned', version]);
  expect(seen.suggestions).toEqual({
    display_name: 'Card name',
    description: 'Does things',
    listings: [draft],
  });
});

test('a card in French is imported without a flaw but its missing signature', async () => {
  const french = {
    id: 'résumé-à-l’œil',
    name: 'Résumé',
    description: 'Résume des textes, même très longs',
    tags: ['français'],
  };
  const seen = await lookAt(
    '/fr',
    JSON.stringify({ ...modern, name: 'Élodie', description: 'Agente française', skills: [french] }),
  );
  expect(said(seen)).toEqual([unsigned]);
  expect(seen.suggestions).toEqual({
    display_name: 'Élodie',
    description: 'Agente française',
    listings: [{ skill_id: french.id, description: french.description, tags: french.tags }],
  });
});

test.each<[string, string, { status?: number; headers?: Record<string, string> }, RegExp]>([
  [
    'of 300 kB',
    JSON.stringify({ ...modern, description: 'x'.repeat(300_000) }),
    {},
    /more than 262144 bytes/,
  ],
  [
    'behind a redirect',
    '',
    { status: 302, headers: { location: '/one' } },
    /302: redirects are not followed/,
  ],
  ['that is a page', '<!doctype html>', {}, /^: is not JSON$/],
  ['that is a list', '[]', {}, /^: must be an object, is a list$/],
  ['that says nothing of an agent', '{"hello":"world"}', {}, /neither a name nor skills/],
  [
    'that is nested for ever',
    `{"name":"n","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    {},
    /nested deeper/,
  ],
  ['that is not there', '', { status: 404 }, /answered 404/],
])('a card %s is refused with the reason, and not fetched again', async (title, body, more, reason) => {
  const seen = await lookAt(`/refused/${encodeURIComponent(title)}`, body, more);
  expect(said(seen)).toEqual([expect.stringMatching(reason)]);
  expect([seen.status, seen.suggestions, seen.outbox]).toEqual(['refused', null, []]);
});

async function again(agentId: string): Promise<void> {
  registry.clock.advance(MINUTE_MS);
  const { specs } = await registry.run((op) => recheckCard(op, { agentId }));
  expect((await registry.dispatch(specs[0]!)).status).toBe(200);
}

test('a card signed by the registered key is verified; tampered with, signed by another or no longer signed it has drifted', async () => {
  const agent = await newAgent(`${base}/signed`);
  const sign = (card: object, key = agent.key) => ({
    ...card,
    signatures: [signAgentCard({ ...card }, key.privateKey, 'https://agent.acme.dev/jwks.json')],
  });
  const serve = (card: object) => served.set('/signed', { body: JSON.stringify(card) });
  serve(sign(modern));
  await registry.dispatch(agent.specs[0]!);
  expect(await known(agent.agentId)).toMatchObject({ status: 'verified', flaws: [] });

  serve({ ...sign(modern), name: 'Mallory' });
  await again(agent.agentId);
  const tampered = await known(agent.agentId);
  expect(said(tampered)).toEqual(['signatures: none is by the registered key over this card']);
  expect(tampered.status).toBe('drifted');

  serve(sign(modern, generateKeyPair()));
  await again(agent.agentId);
  expect((await known(agent.agentId)).status).toBe('drifted');

  serve(modern);
  await again(agent.agentId);
  const bare = await known(agent.agentId);
  expect([bare.status, ...said(bare)]).toEqual([
    'drifted',
    'signatures: the registered key had signed this card, and no longer does',
  ]);
  serve(sign(modern));
  await again(agent.agentId);
  expect((await known(agent.agentId)).status).toBe('verified');
});

test('an outage makes a card unreachable, keeps what it said before, and is tried again five times in all', async () => {
  const { agentId } = await lookAt('/flaky', JSON.stringify(modern));
  served.set('/flaky', { status: 503, body: '' });
  await again(agentId);
  for (const attempt of [2, 3, 4, 5]) {
    const { status, suggestions, flaws, outbox } = await known(agentId);
    expect([status, flaws]).toEqual(['unreachable', [{ path: '', message: 'The server answered 503.' }]]);
    expect(suggestions?.listings).toEqual([draft]);
    expect(outbox).toMatchObject([{ kind: 'agent_card', cycle: 2, attempt }]);
    registry.clock.advance(outbox[0]!.due_at.getTime() - registry.clock.now().getTime());
    await registry.dispatch(taskOf({ agentId, look: 2, attempt }));
  }
  expect(await known(agentId)).toMatchObject({ status: 'unreachable', outbox: [] });
});

const taskOf = ({ agentId, ...rest }: CardLook) => ({
  path: '/internal/agent-card' as const,
  body: { agent_id: agentId, ...rest, generation: 0 },
});

test('a card is fetched once a minute at most, however often it is asked for or its task comes', async () => {
  const { agentId, specs } = await lookAt('/often', JSON.stringify(modern));
  const before = hits;
  expect((await registry.dispatch(specs[0]!)).body).toEqual({ outcome: 'superseded' });
  for (let asked = 0; asked < 3; asked += 1) await registry.run((op) => recheckCard(op, { agentId }));
  for (const look of [1, 2, 3, 4]) await registry.dispatch(taskOf({ agentId, look, attempt: 1 }));
  expect(hits).toBe(before);
  registry.clock.advance(MINUTE_MS);
  for (const look of [1, 2, 3, 4, 4]) await registry.dispatch(taskOf({ agentId, look, attempt: 1 }));
  expect(hits).toBe(before + 1);
  expect((await known(agentId)).outbox).toEqual([]);
});

test.each([
  ['a name that resolves to this machine only when it is dialled', 'https://rebinding.acme.dev/card.json'],
  ['a name of which one address is private', 'https://both.acme.dev/card.json'],
  ['an address of this machine', 'https://127.0.0.1/card.json'],
  ['the metadata service', 'http://169.254.169.254/latest'],
])('a card at %s is refused, and nothing is dialled', async (_, url) => {
  const before = hits;
  const { agentId, specs } = await newAgent(url, guarded);
  expect((await guarded.dispatch(specs[0]!)).body).toEqual({ outcome: 'refused' });
  const seen = await known(agentId, guarded);
  expect([seen.status, seen.outbox, hits]).toEqual(['refused', [], before]);
  expect(said(seen)).toHaveLength(1);
});

test('a card is read from the address that was judged, though its name leads elsewhere at the next question, and that is refused', async () => {
  const judged = '127.0.0.2';
  const reached: string[] = [];
  const receiver = createServer(({ socket }, res) => {
    reached.push(socket.localAddress ?? '');
    res.writeHead(200, { connection: 'close' }).end(JSON.stringify(modern));
  });
  await new Promise<void>((resolve) => receiver.listen(0, '0.0.0.0', resolve));
  const { port } = receiver.address() as AddressInfo;
  let looks = 0;
  const dns = await startTestDns((_, type) => {
    if (type === 'A') looks += 1;
    return looks <= 1 ? [judged] : ['127.0.0.1'];
  });
  const names = new Resolver();
  names.setServers([dns.address]);
  const isAllowed = (address: string) => address === judged;
  const at = await startRegistry({ outbound: { resolver: (host) => names.resolve4(host), isAllowed } });
  try {
    at.tasks.mode = 'lose';
    const { agentId, specs } = await newAgent(`http://rebinding.acme.dev:${port}/card.json`, at);
    await at.dispatch(specs[0]!);
    expect([(await known(agentId, at)).status, looks, reached]).toEqual(['unsigned', 1, [judged]]);

    at.clock.advance(MINUTE_MS);
    const { specs: next } = await at.run((op) => recheckCard(op, { agentId }));
    await at.dispatch(next[0]!);
    const seen = await known(agentId, at);
    expect([seen.status, looks, reached]).toEqual(['refused', 2, [judged]]);
    expect(said(seen)).toEqual([': The host name resolves to an address that is not a public one.']);
  } finally {
    await at[Symbol.asyncDispose]();
    await dns.close();
    await new Promise((resolve) => receiver.close(resolve));
  }
});

test('a card of an agent that is gone is not fetched', async () => {
  served.set('/gone', { body: JSON.stringify(modern) });
  const { agentId, specs } = await newAgent(`${base}/gone`);
  await registry.setAgent(agentId, { status: 'suspended' });
  const before = hits;
  expect((await registry.dispatch(specs[0]!)).body).toEqual({ outcome: 'superseded' });
  expect(hits).toBe(before);
});
