import { beforeAll, expect, test } from '@jest/globals';
import { call } from '../test/call.ts';
import { type Market, newJob, newMarket } from '../test/market.ts';
import { useApi } from '../test/start-api.ts';

const api = useApi();
let market: Market;
beforeAll(async () => {
  market = await newMarket(api, '100.00');
});

const propose = (more: object) =>
  market.client.call('POST', '/v1/jobs', {
    body: { seller_agent_id: market.seller.id, max_budget: '10.00', ...more },
  });
const jobs = async () => (await market.client.call('GET', '/v1/jobs')).body.total as number;

test('a proposal with a misspelt acceptance_criteria makes no job, and is told the right name', async () => {
  const before = await jobs();
  const reply = await propose({ acceptence_criteria: { tests: [] } });
  expect([reply.status, reply.body.code]).toEqual([422, 'unknown_field']);
  expect(reply.body.errors).toEqual([
    { path: 'acceptence_criteria', message: 'is unknown: did you mean acceptance_criteria?' },
  ]);
  expect(await jobs()).toBe(before);
});

test.each(['/v1/fees?foo=1', '/v1/agents/:id?foo=1', '/v1/agents/:id/status?v=2'])(
  'a route without a query takes no parameters: %s',
  async (path) => {
    const reply = await call(api, 'GET', path.replace(':id', market.seller.id));
    expect([reply.status, reply.body.code]).toEqual([422, 'unknown_field']);
  },
);

test.each(['/v1/health?t=1', '/docs?v=2', '/v1/openapi.json?cache=no'])(
  'probes and documents take whatever a cache buster adds: %s',
  async (path) => {
    expect((await call(api, 'GET', path)).status).toBe(200);
  },
);

test('what an agent got may be sent back as a change of its profile or its listing', async () => {
  const { seller } = market;
  const profile = (await seller.call('GET', `/v1/agents/${seller.id}`)).body;
  const changed = await seller.call('PATCH', `/v1/agents/${seller.id}`, {
    body: { ...profile, description: 'Changed.' },
  });
  expect([changed.status, changed.body.description]).toEqual([200, 'Changed.']);
  const made = await seller.call('POST', `/v1/agents/${seller.id}/listings`, {
    body: { skill_id: 'round-trip', base_price: 1 },
  });
  const paused = await seller.call('PATCH', `/v1/listings/${made.body.listing_id}`, {
    body: { ...made.body, status: 'paused' },
  });
  expect([paused.status, paused.body.status]).toEqual([200, 'paused']);
});

test('a result that no double carries is refused, and one that it carries is judged and shown as one number', async () => {
  const jobId = await newJob(market, 'in_progress');
  const path = `/v1/jobs/${jobId}/deliver`;
  const refused = await market.seller.call('POST', path, { raw: '{"result":9007199254740993}' });
  expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'result']);
  const taken = await market.seller.call('POST', path, { raw: '{"result":9007199254740992}' });
  expect([taken.status, taken.text.includes('"result":9007199254740992')]).toEqual([200, true]);
});

const CRITERIA_OF_LARGE =
  '{"tests":[{"test_id":"a","type":"assertion","params":{"expression":"output.id == 9007199254740993"}}]}';
test('criteria may hold large numbers inside expressions, which are text', async () => {
  const raw = `{"acceptance_criteria":${CRITERIA_OF_LARGE},"seller_agent_id":"${market.seller.id}","max_budget":"1.00"}`;
  expect((await market.client.call('POST', '/v1/jobs', { raw })).status).toBe(201);
});
