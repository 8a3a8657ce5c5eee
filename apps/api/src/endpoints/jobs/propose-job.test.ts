import { criteriaHash } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import { NO_ID, offerPython, setAgent } from '../../../test/arrange.ts';
import { newAgent, outcomeOf } from '../../../test/call.ts';
import { CRITERIA, useMarket } from '../../../test/market.ts';
import { testRefusals } from '../../../test/refuses.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
const market = useMarket(api);

const propose = (terms: Record<string, unknown> = {}) =>
  market.client.call('POST', '/v1/jobs', {
    body: { seller_agent_id: market.seller.id, max_budget: '20.00', ...terms },
  });

describe('a proposal', () => {
  test('a proposal makes a job in which the client made the first offer', async () => {
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

  test('a proposal keeps criteria to the letter, and hashes them in their canonical form', async () => {
    const criteria = { ...CRITERIA, note: 'unknown members stay', limit: 1.5 };
    const reply = await propose({ acceptance_criteria: criteria });
    expect(reply.body.acceptance_criteria).toEqual(criteria);
    expect(reply.body.acceptance_criteria_hash).toBe(criteriaHash(criteria));
    const raw = `{"seller_agent_id":"${market.seller.id}","max_budget":20,"acceptance_criteria":{"tests":[{"test_id":"n","type":"count_gte","params":{"path":"$.a","min_count":1.0}}]}}`;
    const spelled = await market.client.call('POST', '/v1/jobs', { raw });
    expect([spelled.status, spelled.text.includes('"min_count":1.0')]).toEqual([201, true]);
  });

  testRefusals('a proposal', propose, [
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
  ]);

  test('a proposal may ask for the runtimes that the test-runner has, once it has said so', async () => {
    const criteria = { acceptance_criteria: { script: 'cHJpbnQ=', runtime: 'python:3' } };
    expect((await propose(criteria)).body.errors[0].message).toContain('javascript');
    await offerPython(api);
    expect((await propose(criteria)).status).toBe(201);
    await api.db.deleteFrom('deployment_facts').execute();
  });

  test('a proposal goes to another agent that is there and active', async () => {
    expect(outcomeOf(await propose({ seller_agent_id: market.client.id }))).toBe('422 seller_agent_id');
    expect((await propose({ seller_agent_id: NO_ID })).status).toBe(404);
    await setAgent(api, market.seller.id, { status: 'suspended' });
    expect((await propose()).body.code).toBe('invalid_state');
    await setAgent(api, market.seller.id, { status: 'deactivated' });
    expect((await propose()).body.code).toBe('not_found');
  });

  test('a proposal names a listing of that seller, if any', async () => {
    const other = await newAgent(api);
    const offer = async (agent: typeof other) =>
      (
        await agent.call('POST', `/v1/agents/${agent.id}/listings`, {
          body: { skill_id: 'skill', base_price: '1.00' },
        })
      ).body.listing_id;
    expect((await propose({ listing_id: await offer(market.seller) })).status).toBe(201);
    expect((await propose({ listing_id: await offer(other) })).body.errors[0].path).toBe('listing_id');
    expect((await propose({ listing_id: NO_ID })).status).toBe(404);
  });
});
