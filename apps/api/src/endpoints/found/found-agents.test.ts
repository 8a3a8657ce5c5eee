import { createPublicKey, verify } from 'node:crypto';
import { canonicalJson } from '@agent-registry/signing';
import { expect, test } from '@jest/globals';
import { setAgent } from '../../../test/arrange.ts';
import { call, newAgent, operatorOf, outcomeOf, type TestAgent } from '../../../test/call.ts';
import { faultsOf } from '../../../test/found-schemas.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
const operate = operatorOf(api);
const base = 'https://registry.example.com';

async function seller(profile: Record<string, unknown>, listings: readonly object[]): Promise<TestAgent> {
  const agent = await newAgent(api, profile);
  for (const listing of listings) {
    const body = { base_price: '2.50', ...listing };
    expect((await agent.call('POST', `/v1/agents/${agent.id}/listings`, { body })).status).toBe(201);
  }
  return agent;
}

const suspend = ({ id }: TestAgent) => operate('POST', `/agents/${id}/suspend`, { note: 'Away.' });

test('an agent card is valid A2A 1.0, made of profile and listings, and verifies by the published keys and RFC 8785 alone', async () => {
  const profile = { display_name: 'Élise', description: 'Résume', capabilities: ['french', 'text'] };
  const agent = await seller(profile, [{ skill_id: 'résumé', description: 'Court et juste' }]);
  const { body: card } = await call(api, 'GET', `/v1/agents/${agent.id}/agent-card.json`);
  expect(faultsOf('agentCard', card)).toEqual([]);
  expect(card).toMatchObject({
    name: 'Élise',
    description: 'Résume',
    skills: [{ id: 'résumé', name: 'résumé', description: 'Court et juste', tags: ['french', 'text'] }],
    capabilities: { extensions: [{ params: { agent_id: agent.id, listings: [{ base_price: '2.50' }] } }] },
  });

  const { signatures, ...unsigned } = card;
  const [{ protected: header, signature }] = signatures;
  const { alg, typ, kid, jku } = JSON.parse(Buffer.from(header, 'base64url').toString());
  expect([alg, typ, jku]).toEqual(['EdDSA', 'JOSE', `${base}/.well-known/jwks.json`]);
  const { keys } = (await (await fetch(`${api.url}${jku.slice(base.length)}`)).json()) as {
    keys: { kid: string; [member: string]: string }[];
  };
  const key = createPublicKey({ key: keys.find((candidate) => candidate.kid === kid)!, format: 'jwk' });
  const isSigned = (value: object) => {
    const input = `${header}.${Buffer.from(canonicalJson(value)).toString('base64url')}`;
    return verify(null, Buffer.from(input), key, Buffer.from(signature, 'base64url'));
  };
  expect([isSigned(unsigned), isSigned({ ...unsigned, name: 'Mallory' })]).toEqual([true, false]);
});

test('an agent without description, capabilities and listings has a valid card', async () => {
  const agent = await newAgent(api, { display_name: 'Bare' });
  const path = `/v1/agents/${agent.id}/agent-card.json`;
  expect(faultsOf('agentCard', (await call(api, 'GET', path)).body)).toEqual([]);
});

const deactivate = (agent: TestAgent) => agent.call('DELETE', `/v1/agents/${agent.id}`);

test.each([
  ['suspended', suspend],
  ['deactivated', deactivate],
])(
  'an agent that is %s has no card, no entry of ARD, and is not found by its search',
  async (state, leave) => {
    const agent = await seller({ display_name: `Once ${state}` }, [{ skill_id: `vanishing-${state}` }]);
    const card = `/v1/agents/${agent.id}/agent-card.json`;
    const entry = `/v1/ard/agents/urn%3Aair%3Aregistry.example.com%3Aagent%3A${agent.id}`;
    const seen = async () => [
      (await call(api, 'GET', card)).status,
      (await call(api, 'GET', entry)).status,
      namesIn(await search({ text: `vanishing-${state}` })),
    ];
    expect(await seen()).toEqual([200, 200, [`Once ${state}`]]);
    expect((await leave(agent)).status).toBeLessThan(300);
    expect(await seen()).toEqual([404, 404, []]);
  },
);

test('facets, which ARD leaves to each registry, are answered 501 as it asks', async () => {
  const body = { query: {}, resultType: { facets: [{ field: 'type' }] } };
  for (const path of ['/v1/ard/explore', '/ard/explore']) {
    const reply = await call(api, 'POST', path, { body });
    expect([outcomeOf(reply), reply.body.error.code]).toEqual(['501 not_implemented', 'NOT_IMPLEMENTED']);
  }
});

const search = (query: object, rest: object = {}) =>
  call(api, 'POST', '/v1/ard/search', { body: { query, ...rest } });
const namesIn = ({ body }: { body: { results: { displayName: string }[] } }) =>
  body.results.map(({ displayName }) => displayName);

test('ARD search finds an agent by a question in plain words, once for all its listings, and its entry by the identifier', async () => {
  const agent = await seller({ display_name: 'Cartographer', capabilities: ['maps'] }, [
    { skill_id: 'hiking-maps', description: 'Draws contour maps of mountains' },
    { skill_id: 'city-maps', description: 'Draws contour maps of cities' },
  ]);
  const found = await search({ text: 'Find me an agent that draws contour maps, please!' });
  expect(faultsOf('ardSearch', found.body)).toEqual([]);
  expect(found.body.results).toMatchObject([
    {
      identifier: `urn:air:registry.example.com:agent:${agent.id}`,
      displayName: 'Cartographer',
      type: 'application/a2a-agent-card+json',
      url: `${base}/v1/agents/${agent.id}/agent-card.json`,
      source: `${base}/ard`,
    },
  ]);
  expect(found.body.results[0].capabilities.sort()).toEqual(['city-maps', 'hiking-maps']);
  expect((await fetch(api.url + found.body.results[0].url.slice(base.length))).status).toBe(200);

  const path = `/v1/ard/agents/${encodeURIComponent(found.body.results[0].identifier)}`;
  const entry = await call(api, 'GET', path);
  expect([entry.status, faultsOf('ardEntry', entry.body)]).toEqual([200, []]);
  expect(entry.body).toMatchObject({
    displayName: 'Cartographer',
    metadata: { agent_id: agent.id, is_online: true },
  });
  expect(entry.body).not.toHaveProperty('score');
  await suspend(agent);
  expect(namesIn(await search({ text: 'contour maps' }))).toEqual([]);
  const gone = await call(api, 'GET', path);
  expect([gone.status, gone.body.error.code]).toEqual([404, 'NOT_FOUND']);
});

test('where no listing has all the words of a question, those that have some are found, the most first', async () => {
  await seller({ display_name: 'Half' }, [{ skill_id: 'zither', description: 'Tunes zithers' }]);
  await seller({ display_name: 'More' }, [{ skill_id: 'zither-oboe', description: 'Tunes zither and oboe' }]);
  expect(namesIn(await search({ text: 'zither oboe kazoo' }))).toEqual(['More', 'Half']);
});

test('ARD search goes on by its pageToken until every agent was shown once', async () => {
  for (const name of ['A', 'B', 'C'])
    await seller({ display_name: `Pager ${name}` }, [
      { skill_id: `paging-${name}`, description: 'paginated' },
    ]);
  const seen: string[] = [];
  let pageToken: string | undefined;
  do {
    const page = await search({ text: 'paginated' }, { pageSize: 1, ...(pageToken && { pageToken }) });
    seen.push(...namesIn(page));
    pageToken = page.body.pageToken;
  } while (pageToken !== undefined);
  expect(seen.sort()).toEqual(['Pager A', 'Pager B', 'Pager C']);
});

test('filters of ARD narrow the search, and those that are not known are refused by the name that ARD gives it', async () => {
  await seller({ display_name: 'Filtered', capabilities: ['quux'] }, [
    { skill_id: 'filtering', description: 'filtered' },
  ]);
  const text = 'filtered';
  const card = 'application/a2a-agent-card+json';
  for (const [filter, names] of [
    [{ type: [card, 'x/y'] }, ['Filtered']],
    [{ type: 'application/mcp-server-card+json' }, []],
    [{ publisher: ['registry.example.com'] }, ['Filtered']],
    [{ publisher: ['elsewhere.example'] }, []],
    [{ capabilities: ['quux'] }, ['Filtered']],
    [{ capabilities: ['other'] }, []],
  ] as const)
    expect([filter, namesIn(await search({ text, filter }))]).toEqual([filter, names]);
  for (const [query, rest] of [
    [{ text, filter: { tags: ['x'] } }, {}],
    [{ text, filter: { capabilities: ['a', 'b'] } }, {}],
    [{ text }, { pageToken: 'nonsense' }],
  ] as const) {
    const refused = await search(query, rest);
    expect([refused.status, refused.body.error.code]).toEqual([400, 'INVALID_ARGUMENT']);
  }
  expect((await search({ text, '@context': {} }, { federation: 'referrals' })).body.referrals).toEqual([]);
});

test.each(['not-a-urn', 'urn:air:registry.example.com', 'urn:ai:x:agent:1'])(
  '%s is no identifier of ARD: 400',
  async (identifier) => {
    const reply = await call(api, 'GET', `/v1/ard/agents/${encodeURIComponent(identifier)}`);
    expect([reply.status, reply.body.error.code]).toEqual([400, 'INVALID_ARGUMENT']);
  },
);

test.each(['urn:air:elsewhere.example:agent:x', 'urn:air:registry.example.com:agent:nobody'])(
  '%s is an identifier that this registry does not have: 404',
  async (identifier) => {
    expect((await call(api, 'GET', `/v1/ard/agents/${encodeURIComponent(identifier)}`)).status).toBe(404);
  },
);

const cardUrl = 'https://agent.example.org/.well-known/agent-card.json';

test('an agent that names its card has it looked at, at once and whenever it names it or asks again', async () => {
  const agent = await newAgent(api, { display_name: 'Carded', agent_card_url: cardUrl });
  const profile = (await call(api, 'GET', `/v1/agents/${agent.id}`)).body;
  expect(profile.card).toEqual({ url: cardUrl, status: 'pending', checked_at: null });
  const path = `/v1/agents/${agent.id}/card`;
  const empty = { protocol_version: null, flaws: [], suggestions: null };
  expect((await agent.call('GET', path)).body).toEqual({ ...profile.card, ...empty });
  expect((await agent.call('POST', `${path}/check`)).status).toBe(200);
  await agent.call('PATCH', `/v1/agents/${agent.id}`, { body: { agent_card_url: cardUrl } });
  const looks = await api.db
    .selectFrom('outbox')
    .select(['kind', 'cycle'])
    .where('subject', '=', agent.id)
    .orderBy('cycle')
    .execute();
  expect(looks).toEqual([1, 2, 3].map((cycle) => ({ kind: 'agent_card', cycle })));

  await agent.call('PATCH', `/v1/agents/${agent.id}`, { body: { agent_card_url: null } });
  expect((await call(api, 'GET', `/v1/agents/${agent.id}`)).body).not.toHaveProperty('card');
  expect((await agent.call('GET', path)).status).toBe(404);
  expect((await agent.call('POST', `${path}/check`)).status).toBe(404);
});

test('an address that may not be called cannot be that of a card', async () => {
  const agent = await newAgent(api, { display_name: 'Careless' });
  const body = { agent_card_url: 'https://127.0.0.1/card' };
  const reply = await agent.call('PATCH', `/v1/agents/${agent.id}`, { body });
  expect(outcomeOf(reply)).toBe('422 agent_card_url');
});

test('a card that was verified by a key has drifted once the key is replaced', async () => {
  const agent = await newAgent(api, { display_name: 'Rotating', agent_card_url: cardUrl });
  const { public_key } = (await call(api, 'GET', `/v1/agents/${agent.id}`)).body;
  await setAgent(api, agent.id, { card_status: 'verified', card_key: public_key });
  const status = async () => (await call(api, 'GET', `/v1/agents/${agent.id}`)).body.card.status;
  expect(await status()).toBe('verified');
  await setAgent(api, agent.id, { public_key: '11'.repeat(32) });
  expect(await status()).toBe('drifted');
});
