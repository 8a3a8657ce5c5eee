import { type Contract, contracts } from '@agent-registry/schemas';
import { describe, expect, test } from '@jest/globals';
import { NO_ID } from '../test/arrange.ts';
import { type CallOptions, call, newAgent, outcomeOf, type TestAgent } from '../test/call.ts';
import { testRefusals } from '../test/refuses.ts';
import { OPERATOR_KEY, useApi } from '../test/start-api.ts';
import * as routes from './routes.ts';

/** The wire contract's table, method by method and path by path. A route that is not here, or only here, is a mistake. */
const PROMISED = `
POST /agents
GET /agents/:agent_id
PATCH /agents/:agent_id
DELETE /agents/:agent_id
POST /agents/:agent_id/rotate-key
POST /agents/:agent_id/webhook-secret/rotate
GET /agents/:agent_id/status
GET /agents/:agent_id/reputation
GET /agents/:agent_id/reviews
GET /agents/:agent_id/balance
GET /agents/:agent_id/wallet/balance
GET /agents/:agent_id/transactions
GET /agents/:agent_id/wallet/transactions
POST /agents/:agent_id/deposit
GET /agents/:agent_id/listings
POST /agents/:agent_id/listings
GET /listings/:listing_id
GET /listings
PATCH /listings/:listing_id
GET /discover
POST /jobs
GET /jobs
GET /jobs/:job_id
POST /jobs/:job_id/counter
POST /jobs/:job_id/accept
POST /jobs/:job_id/cancel
POST /jobs/:job_id/fund
POST /jobs/:job_id/start
POST /jobs/:job_id/deliver
POST /jobs/:job_id/verify
GET /jobs/:job_id/verifications
POST /jobs/:job_id/complete
POST /jobs/:job_id/fail
POST /jobs/:job_id/abort
POST /jobs/:job_id/dispute
POST /jobs/:job_id/settle
POST /jobs/:job_id/settle/accept
POST /jobs/:job_id/evidence
GET /jobs/:job_id/evidence
GET /jobs/:job_id/evidence/:evidence_id
POST /jobs/:job_id/reviews
POST /jobs/:job_id/review
GET /jobs/:job_id/reviews
GET /jobs/:job_id/events
POST /criteria/check
GET /criteria/checks/:check_id
GET /agents/:agent_id/events
GET /agents/:agent_id/webhooks
POST /agents/:agent_id/webhooks/:delivery_id/redeliver
POST /agents/:agent_id/webhooks/replay
POST /agents/:agent_id/webhooks/test
GET /fees
GET /log
GET /agents/:agent_id/keys
GET /jobs/:job_id/receipt
GET /agents/:agent_id/agent-card.json
GET /agents/:agent_id/card
POST /agents/:agent_id/card/check
POST /ard/search
GET /ard/agents/:identifier
POST /operator/deposits
POST /operator/withdrawals
POST /operator/fee-withdrawals
GET /operator/agents
GET /operator/agents/:agent_id
GET /operator/agents/:agent_id/jobs
GET /operator/agents/:agent_id/transactions
GET /operator/agents/:agent_id/deliveries
GET /operator/jobs/:job_id
GET /operator/jobs/:job_id/evidence/:evidence_id
GET /operator/stats
GET /operator/escrows
GET /operator/ledger
POST /operator/agents/:agent_id/suspend
POST /operator/agents/:agent_id/reinstate
POST /operator/agents/:agent_id/replace-key
POST /operator/jobs/:job_id/extend-deadline
POST /operator/jobs/:job_id/resolve
GET /operator/jobs
GET /operator/webhooks/failed
POST /operator/webhooks/:delivery_id/replay
GET /operator/audit
POST /operator/recalls
GET /operator/verdicts
GET /operator/recalls
GET /operator/recalls/:recall_id
GET /operator/recalls/:recall_id/verdicts
GET /operator/recalls/:recall_id/verdicts/:run_id
POST /operator/recalls/:recall_id/rejudge
POST /operator/recalls/:recall_id/verdicts/:run_id/close`
  .trim()
  .split('\n');

const api = useApi();

const served = (contract: Contract): string[] =>
  [contract.path, ...(contract.aliases ?? [])].map((path) => `${contract.method} ${path}`);

test('the route table serves what the wire contract promises, no less and no more', () => {
  const mounted = Object.values(routes).flatMap(({ contract }) => served(contract));
  expect(mounted.toSorted()).toEqual(PROMISED.toSorted());
});

test('every contract has its endpoint', () => {
  const ids = (of: readonly Contract[]) => of.map(({ id }) => id).toSorted();
  expect(ids(Object.values(routes).map(({ contract }) => contract))).toEqual(ids(Object.values(contracts)));
});

test('POST under /jobs counts as job, discovery as discovery, registration as registration', () => {
  for (const { contract } of Object.values(routes)) {
    const { method, path, rate, access } = contract;
    if (access === 'operator') expect(rate).toBeNull();
    else if (path === '/discover' || path === '/ard/search') expect(rate).toBe('discovery');
    else if (path === '/log') expect(rate).toBe('log');
    else if (path === '/agents') expect(rate).toBe('registration');
    else if (method === 'GET') expect(rate).toBe('read');
    else expect(rate).toBe(method === 'POST' && path.startsWith('/jobs') ? 'job' : 'write');
  }
});

describe.each(['', '/v1'])('under %p', (base) => {
  test.each(PROMISED)('the route %s is served', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const asked = path
      .replaceAll(/:[a-z_]+_id/g, NO_ID)
      .replace(':identifier', 'urn:air:nobody.example:agent:none');
    const reply = await call(api, method, base + asked);
    expect([200, 401, 404, 422]).toContain(reply.status);
    expect(reply.body.detail ?? '').not.toMatch(/takes/);
    if (reply.status === 404) expect(path).toMatch(/^\/operator|^\/log|:/);
  });
});

const withAccess = (access: Contract['access']) =>
  Object.values(routes).flatMap(({ contract }) => (contract.access === access ? [contract] : []));
/** A request that fits a route in everything but who sends it. */
const ask = ({ method, path, example }: Contract, agentId: string, as: Pick<TestAgent, 'call'>) =>
  as.call(method, `/v1${path.replace(':agent_id', agentId).replaceAll(/:[a-z_]+_id/g, NO_ID)}`, {
    body: method === 'GET' || method === 'DELETE' ? undefined : (example ?? {}),
  });
const nobody = { call: (...args: [string, string, CallOptions?]) => call(api, ...args) };

test.each(withAccess('owner'))(
  '$id is for the agent itself: 403 to another, 401 unsigned',
  async (contract) => {
    const [owner, other] = [await newAgent(api), await newAgent(api)];
    expect(outcomeOf(await ask(contract, owner.id, other))).toBe('403 not_owner');
    expect(outcomeOf(await ask(contract, owner.id, nobody))).toBe('401 unauthenticated');
  },
);

test.each(withAccess('signed'))('$id must be signed: 401', async (contract) => {
  expect(outcomeOf(await ask(contract, NO_ID, nobody))).toBe('401 unauthenticated');
});

test('a method that a path does not take is 405 with what it takes', async () => {
  const reply = await call(api, 'PUT', '/v1/fees');
  expect(outcomeOf(reply)).toBe('405 method_not_allowed');
  expect(reply.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  const many = await call(api, 'POST', '/v1/agents/00000000-0000-7000-8000-000000000000');
  expect(many.headers.get('allow')).toBe('DELETE, GET, HEAD, OPTIONS, PATCH');
  for (const path of ['/v1/health', '/ready', '/docs', '/v1/openapi.json']) {
    const reply = await call(api, 'POST', path);
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  }
});

test('of an operators’ path nobody without a key learns even what it takes', async () => {
  const without = await call(api, 'DELETE', '/v1/operator/audit');
  expect([without.status, without.headers.get('allow')]).toEqual([404, null]);
  const headers = { 'X-Operator-Key': OPERATOR_KEY };
  const withKey = await call(api, 'DELETE', '/v1/operator/audit', { headers });
  expect([withKey.status, withKey.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
});

test('what is not there is 404, also an id that is none, and the same but for its instance', async () => {
  const nothing = await call(api, 'GET', '/v1/nothing');
  const noId = await call(api, 'GET', '/v1/agents/not-an-id');
  expect([nothing.status, noId.status]).toEqual([404, 404]);
  expect({ ...noId.body, instance: '' }).toEqual({ ...nothing.body, instance: '' });
  expect(nothing.body.instance).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  expect(nothing.body.instance).toBe(`urn:uuid:${nothing.headers.get('x-request-id')}`);
});

test('a path that cannot be decoded is 400, one that is too long 414', async () => {
  expect((await call(api, 'GET', '/v1/agents/%E0%A4%A')).status).toBe(400);
  expect((await call(api, 'GET', `/v1/agents/${'a'.repeat(5_000)}`)).status).toBe(414);
});

testRefusals('a query', (query: string) => call(api, 'GET', `/v1/listings?${query}`), [
  ['limit', 'limit=0'],
  ['limit', 'limit=101'],
  ['limit', 'limit=1.5'],
  ['offset', 'offset=10001'],
  ['limit', 'limit=1&limit=2'],
  ['skill_id', 'skill_id=%00'],
  ['cursor', 'cursor=nonsense'],
]);

test('answers carry no hint of what we are built with, and nothing a browser would keep', async () => {
  const { headers } = await call(api, 'GET', '/v1/discover');
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('etag')).toBeNull();
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('one line is logged for each request, with its route and its ids', async () => {
  await call(api, 'GET', '/v1/agents/00000000-0000-7000-8000-00000000beef/reviews?cursor=secret');
  const line = api.lines.findLast((entry) => entry.route !== undefined);
  expect(line).toMatchObject({
    method: 'GET',
    route: expect.stringMatching(/\/agents\/:agent_id\/reviews$/),
    status: 404,
    operation: 'listAgentReviews',
    error_code: 'not_found',
    path_agent_id: '00000000-0000-7000-8000-00000000beef',
  });
  expect(JSON.stringify(line)).not.toContain('secret');
});
