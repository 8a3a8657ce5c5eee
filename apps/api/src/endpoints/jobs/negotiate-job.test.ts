import { criteriaHash } from '@agent-registry/signing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { call, newAgent } from '../../testing/call.ts';
import { CRITERIA, type Market, newJob, newMarket } from '../../testing/market.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

let api: TestApi;
let market: Market;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  market = await newMarket(api);
});
afterAll(() => api.stop());

const propose = (terms: Record<string, unknown> = {}) =>
  market.client.call('POST', '/v1/jobs', {
    body: { seller_agent_id: market.seller.id, max_budget: '20.00', ...terms },
  });

describe('a proposal', () => {
  test('makes a job in which the client made the first offer', async () => {
    const reply = await propose({
      requirements: { words: 100 },
      client_abort_penalty: 2,
      seller_abort_penalty: '3',
    });
    expect(reply.status).toBe(201);
    expect(reply.headers.get('location')).toBe(`/v1/jobs/${reply.body.job_id}`);
    expect(reply.body).toMatchObject({
      client_agent_id: market.client.id,
      seller_agent_id: market.seller.id,
      listing_id: null,
      status: 'proposed',
      acceptance_criteria: null,
      acceptance_criteria_hash: null,
      requirements: { words: 100 },
      agreed_price: '20.00',
      client_abort_penalty: '2.00',
      seller_abort_penalty: '3.00',
      delivery_deadline: null,
      max_rounds: 5,
      current_round: 0,
      result: null,
    });
    expect(reply.body.negotiation_log).toMatchObject([
      { seq: 1, kind: 'proposal', by: market.client.id, proposed_price: '20.00', previous_hash: null },
    ]);
  });

  test('keeps criteria to the letter, and hashes them in their canonical form', async () => {
    const criteria = { ...CRITERIA, note: 'unknown members stay', limit: 1.5 };
    const reply = await propose({ acceptance_criteria: criteria });
    expect(reply.body.acceptance_criteria).toEqual(criteria);
    expect(reply.body.acceptance_criteria_hash).toBe(criteriaHash(criteria));
    const raw = `{"seller_agent_id":"${market.seller.id}","max_budget":20,"acceptance_criteria":{"tests":[{"test_id":"n","type":"count_gte","params":{"path":"$.a","min_count":1.0}}]}}`;
    const spelled = await market.client.call('POST', '/v1/jobs', { raw });
    expect([spelled.status, spelled.text.includes('"min_count":1.0')]).toEqual([201, true]);
  });

  test.each([
    ['max_budget', { max_budget: '0' }],
    ['max_budget', { max_budget: '1.001' }],
    ['max_budget', { max_budget: '1000000.01' }],
    ['client_abort_penalty', { client_abort_penalty: '20.01' }],
    ['seller_abort_penalty', { seller_abort_penalty: '20.01' }],
    ['client_abort_penalty', { client_abort_penalty: '-1' }],
    ['max_rounds', { max_rounds: 0 }],
    ['max_rounds', { max_rounds: 21 }],
    ['seller_agent_id', { seller_agent_id: 'nobody' }],
    ['delivery_deadline', { delivery_deadline: '2026-03-01T11:59:59Z' }],
    ['delivery_deadline', { delivery_deadline: '2027-03-03T12:00:00Z' }],
    ['delivery_deadline', { delivery_deadline: 'tomorrow' }],
    ['requirements', { requirements: 'x'.repeat(262_145) }],
    ['acceptance_criteria', { acceptance_criteria: 7 }],
    [
      'acceptance_criteria.tests.0.type',
      { acceptance_criteria: { tests: [{ test_id: 'a', type: 'magic', params: {} }] } },
    ],
    [
      'acceptance_criteria.tests.0.params.expression',
      { acceptance_criteria: { tests: [{ test_id: 'a', type: 'assertion', params: { expression: '((' } }] } },
    ],
    ['acceptance_criteria.runtime', { acceptance_criteria: { script: 'cHJpbnQ=', runtime: 'python:3' } }],
  ])('with a bad %s is 422', async (path, terms) => {
    const reply = await propose(terms);
    expect([reply.status, reply.body.errors?.[0]?.path]).toEqual([422, path]);
  });

  test('offers the runtimes that the test-runner has, once it has said so', async () => {
    const criteria = { acceptance_criteria: { script: 'cHJpbnQ=', runtime: 'python:3' } };
    expect((await propose(criteria)).body.errors[0].message).toContain('javascript');
    await api.db
      .insertInto('deployment_facts')
      .values({
        name: 'runtimes',
        value: JSON.stringify([{ name: 'python:3' }]),
        updated_at: api.clock.now(),
      })
      .execute();
    expect((await propose(criteria)).status).toBe(201);
    await api.db.deleteFrom('deployment_facts').execute();
  });

  test('goes to another agent that is there and active', async () => {
    expect((await propose({ seller_agent_id: market.client.id })).body.errors[0].path).toBe(
      'seller_agent_id',
    );
    expect((await propose({ seller_agent_id: '00000000-0000-7000-8000-000000000000' })).status).toBe(404);
    await api.db
      .updateTable('agents')
      .set({ status: 'suspended' })
      .where('agent_id', '=', market.seller.id)
      .execute();
    expect((await propose()).body.code).toBe('invalid_state');
  });

  test('names a listing of that seller, if any', async () => {
    const other = await newAgent(api);
    const offer = async (agent: typeof other) =>
      (
        await agent.call('POST', `/v1/agents/${agent.id}/listings`, {
          body: { skill_id: 'skill', base_price: '1.00' },
        })
      ).body.listing_id;
    expect((await propose({ listing_id: await offer(market.seller) })).status).toBe(201);
    expect((await propose({ listing_id: await offer(other) })).body.errors[0].path).toBe('listing_id');
    expect((await propose({ listing_id: '00000000-0000-7000-8000-000000000000' })).status).toBe(404);
  });

  test('must be signed', async () => {
    expect((await call(api, 'POST', '/v1/jobs', { body: {} })).status).toBe(401);
  });
});

describe('a job is its parties’ alone', () => {
  test('to others it is the same 404 as what is not there, for every route', async () => {
    const jobId = await newJob(market, 'proposed');
    const stranger = await newAgent(api);
    const none = '00000000-0000-7000-8000-000000000000';
    const bodies: Record<string, unknown> = {
      counter: { proposed_price: '1.00' },
      deliver: { result: 1 },
      reviews: { rating: 5 },
      review: { rating: 5 },
    };
    const actions = [
      'counter',
      'accept',
      'cancel',
      'fund',
      'start',
      'deliver',
      'verify',
      'complete',
      'fail',
      'abort',
      'dispute',
      'reviews',
      'review',
    ];
    const reads = ['', '/verifications', '/events'];
    const ask = async (id: string): Promise<unknown[]> =>
      [
        ...(await Promise.all(reads.map((path) => stranger.call('GET', `/v1/jobs/${id}${path}`)))),
        ...(await Promise.all(
          actions.map((action) =>
            stranger.call('POST', `/v1/jobs/${id}/${action}`, { body: bodies[action] ?? {} }),
          ),
        )),
      ].map(({ status, body }) => ({ status, ...body, instance: '' }));
    const [seen, nothing] = [await ask(jobId), await ask(none)];
    expect(seen).toEqual(nothing);
    expect(new Set(seen.map((reply) => (reply as { status: number }).status))).toEqual(new Set([404]));
  });

  test('each lists its own, by role and by state', async () => {
    const first = await newJob(market, 'proposed');
    api.clock.advance(1_000);
    const second = await newJob({ client: market.seller, seller: market.client }, 'agreed');
    const ids = async (query = '') =>
      (await market.client.call('GET', `/v1/jobs${query}`)).body.items.map(
        (job: { job_id: string }) => job.job_id,
      );
    expect(await ids()).toEqual([second, first]);
    expect(await ids('?role=client')).toEqual([first]);
    expect(await ids('?role=seller')).toEqual([second]);
    expect(await ids('?status=proposed')).toEqual([first]);
    expect(await ids('?role=seller&status=proposed')).toEqual([]);
    const page = await market.client.call('GET', '/v1/jobs?limit=1');
    expect(page.body.total).toBe(2);
    expect(await ids(`?limit=1&cursor=${page.body.next_cursor}`)).toEqual([first]);
    expect(await ids('?offset=1')).toEqual([first]);
    expect((await market.client.call('GET', '/v1/jobs?role=judge')).status).toBe(422);
    expect((await call(api, 'GET', '/v1/jobs')).status).toBe(401);
  });
});

test('a page of large jobs is cut short, and its cursor leads on', async () => {
  const { id } = market.client;
  const requirements = JSON.stringify('x'.repeat(3_000_000));
  for (let made = 0; made < 5; made += 1) {
    api.clock.advance(1_000);
    const jobId = await newJob(market, 'proposed');
    await api.db.updateTable('jobs').set({ requirements }).where('job_id', '=', jobId).execute();
  }
  const first = await market.client.call('GET', '/v1/jobs?limit=5');
  expect(first.body.items).toHaveLength(3);
  const second = await market.client.call('GET', `/v1/jobs?limit=5&cursor=${first.body.next_cursor}`);
  expect(second.body.items).toHaveLength(2);
  expect([second.body.next_cursor, second.body.items[0].client_agent_id]).toEqual([null, id]);
});

describe('a counter-offer', () => {
  const counter = (agent: 'client' | 'seller', jobId: string, body: Record<string, unknown>) =>
    market[agent].call('POST', `/v1/jobs/${jobId}/counter`, { body });

  test('puts its terms on the table, keeps the others, and is chained to the step before', async () => {
    const jobId = await newJob(market, 'proposed', { terms: { client_abort_penalty: '2.00' } });
    const reply = await counter('seller', jobId, {
      proposed_price: '25.00',
      seller_abort_penalty: '5',
      message: 'More.',
      counter_terms: { days: 3 },
    });
    expect(reply.body).toMatchObject({
      status: 'negotiating',
      agreed_price: '25.00',
      client_abort_penalty: '2.00',
      seller_abort_penalty: '5.00',
      current_round: 1,
    });
    const [first, second] = reply.body.negotiation_log;
    expect(second).toMatchObject({ seq: 2, kind: 'counter', message: 'More.', counter_terms: { days: 3 } });
    expect(second.previous_hash).toBe(first.hash);
  });

  test('below a penalty on the table is 422, and changes nothing', async () => {
    const jobId = await newJob(market, 'proposed', { terms: { client_abort_penalty: '15.00' } });
    const reply = await counter('seller', jobId, { proposed_price: '10.00' });
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, 'client_abort_penalty']);
    expect((await market.client.call('GET', `/v1/jobs/${jobId}`)).body.agreed_price).toBe('20.00');
  });

  test('beyond the rounds is 409, and changes nothing', async () => {
    const jobId = await newJob(market, 'proposed', { terms: { max_rounds: 1 } });
    expect((await counter('seller', jobId, { proposed_price: '21.00' })).status).toBe(200);
    const reply = await counter('client', jobId, { proposed_price: '22.00' });
    expect([reply.status, reply.body.code]).toEqual([409, 'rounds_exhausted']);
    expect((await market.client.call('GET', `/v1/jobs/${jobId}`)).body.agreed_price).toBe('21.00');
  });

  test.each([
    ['proposed_price', {}],
    ['proposed_price', { proposed_price: '0' }],
    ['message', { proposed_price: '1', message: 'x'.repeat(2_049) }],
    ['counter_terms', { proposed_price: '1', counter_terms: 'x'.repeat(65_537) }],
  ])('with a bad %s is 422', async (path, body) => {
    const jobId = await newJob(market, 'proposed');
    const reply = await counter('seller', jobId, body);
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, path]);
  });

  test('is too late once agreed', async () => {
    const jobId = await newJob(market, 'agreed');
    expect((await counter('seller', jobId, { proposed_price: '21.00' })).body.code).toBe('invalid_state');
  });
});

describe('accepting', () => {
  const accept = (agent: 'client' | 'seller', jobId: string, hash?: string) =>
    market[agent].call('POST', `/v1/jobs/${jobId}/accept`, {
      body: hash === undefined ? {} : { acceptance_criteria_hash: hash },
    });

  test('is for the party that did not make the last offer, and fixes the deadline', async () => {
    const jobId = await newJob(market, 'proposed');
    expect((await accept('client', jobId)).body.code).toBe('own_offer');
    const agreed = await accept('seller', jobId);
    const inThirtyDays = new Date(api.clock.now().getTime() + 30 * 86_400_000).toISOString();
    expect(agreed.body).toMatchObject({ status: 'agreed', delivery_deadline: inThirtyDays });
    expect((await accept('seller', jobId)).body.code).toBe('invalid_state');
  });

  test('after a counter it is the other way round', async () => {
    const jobId = await newJob(market, 'proposed');
    await market.seller.call('POST', `/v1/jobs/${jobId}/counter`, { body: { proposed_price: '30.00' } });
    expect((await accept('seller', jobId)).body.code).toBe('own_offer');
    expect((await accept('client', jobId)).body).toMatchObject({ status: 'agreed', agreed_price: '30.00' });
  });

  test('of criteria names them: 422 without their hash, 409 with another, either form is taken', async () => {
    const jobId = await newJob(market, 'proposed', { terms: { acceptance_criteria: CRITERIA } });
    const missing = await accept('seller', jobId);
    expect([missing.status, missing.body.code]).toEqual([422, 'criteria_hash_required']);
    const wrong = await accept('seller', jobId, 'a'.repeat(64));
    expect([wrong.status, wrong.body.code]).toEqual([409, 'criteria_hash_mismatch']);
    expect((await accept('seller', jobId, 'nonsense')).body.errors[0].path).toBe('acceptance_criteria_hash');
    expect((await accept('seller', jobId, criteriaHash(CRITERIA).toUpperCase())).status).toBe(200);
  });

  test('against accepting and cancelling at once, one wins', async () => {
    for (let round = 0; round < 10; round += 1) {
      const jobId = await newJob(market, 'proposed');
      const replies = await Promise.all([
        accept('seller', jobId),
        accept('seller', jobId),
        market.client.call('POST', `/v1/jobs/${jobId}/cancel`),
      ]);
      const { body } = await market.client.call('GET', `/v1/jobs/${jobId}`);
      expect(['agreed', 'cancelled']).toContain(body.status);
      expect(replies.slice(0, 2).filter((reply) => reply.status === 200).length).toBeLessThanOrEqual(1);
      if (body.status === 'agreed') expect(replies[2]?.status).toBe(409);
    }
  });
});

test('either party cancels before funding, nobody after', async () => {
  for (const agent of ['client', 'seller'] as const) {
    for (const state of ['proposed', 'agreed'] as const) {
      const jobId = await newJob(market, state);
      const reply = await market[agent].call('POST', `/v1/jobs/${jobId}/cancel`, { body: { reason: 'No.' } });
      expect([reply.status, reply.body.status]).toEqual([200, 'cancelled']);
      expect((await market[agent].call('POST', `/v1/jobs/${jobId}/cancel`)).status).toBe(409);
    }
  }
  const funded = await newJob(market, 'funded');
  expect((await market.client.call('POST', `/v1/jobs/${funded}/cancel`)).body.code).toBe('invalid_state');
});
