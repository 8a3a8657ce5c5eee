import { criteriaHash } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import { CRITERIA, newJob, useMarket } from '../../../test/market.ts';
import { testRefusals } from '../../../test/refuses.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
const market = useMarket(api);

describe('a counter-offer', () => {
  const counter = (agent: 'client' | 'seller', jobId: string, body: Record<string, unknown>) =>
    market[agent].call('POST', `/v1/jobs/${jobId}/counter`, { body });

  test('a counter-offer puts its terms on the table, keeps the others, and is chained to the step before', async () => {
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
    expect([second.action, second.proposer, second.timestamp]).toEqual([
      'counter',
      market.seller.id,
      second.created_at,
    ]);
  });

  test('a counter-offer keeps what kind of JSON its terms are', async () => {
    const jobId = await newJob(market, 'proposed');
    const raw = '{"proposed_price": 25, "counter_terms": 7, "accepted_terms": [1.50, "1.50", null]}';
    const reply = await market.seller.call('POST', `/v1/jobs/${jobId}/counter`, { raw });
    expect(reply.body.negotiation_log[1]).toMatchObject({
      proposed_price: '25.00',
      counter_terms: 7,
      accepted_terms: [1.5, '1.50', null],
    });
  });

  testRefusals(
    'a counter-offer',
    async (body: Record<string, unknown>) => counter('seller', await newJob(market, 'proposed'), body),
    [
      ['proposed_price', {}],
      ['proposed_price', { proposed_price: '0' }],
      ['message', { proposed_price: '1', message: 'x'.repeat(2_049) }],
      ['counter_terms', { proposed_price: '1', counter_terms: 'x'.repeat(65_537) }],
    ],
  );

  test('a counter-offer is too late once agreed', async () => {
    const jobId = await newJob(market, 'agreed');
    expect((await counter('seller', jobId, { proposed_price: '21.00' })).body.code).toBe('invalid_state');
  });
});

describe('accepting', () => {
  const accept = (agent: 'client' | 'seller', jobId: string, hash?: string) =>
    market[agent].call('POST', `/v1/jobs/${jobId}/accept`, {
      body: hash === undefined ? {} : { acceptance_criteria_hash: hash },
    });

  test('accepting is for the party that did not make the last offer, and fixes the deadline', async () => {
    const jobId = await newJob(market, 'proposed');
    expect((await accept('client', jobId)).body.code).toBe('own_offer');
    const agreed = await accept('seller', jobId);
    const inThirtyDays = new Date(api.clock.now().getTime() + 30 * 86_400_000).toISOString();
    expect(agreed.body).toMatchObject({ status: 'agreed', delivery_deadline: inThirtyDays });
    expect((await accept('seller', jobId)).body.code).toBe('invalid_state');
  });

  test('after a counter-offer only the party that did not make it may accept', async () => {
    const jobId = await newJob(market, 'proposed');
    await market.seller.call('POST', `/v1/jobs/${jobId}/counter`, { body: { proposed_price: '30.00' } });
    expect((await accept('seller', jobId)).body.code).toBe('own_offer');
    expect((await accept('client', jobId)).body).toMatchObject({ status: 'agreed', agreed_price: '30.00' });
  });

  test('accepting criteria takes their hash: 422 without it, 409 with another, either form is taken', async () => {
    const jobId = await newJob(market, 'proposed', { terms: { acceptance_criteria: CRITERIA } });
    const missing = await accept('seller', jobId);
    expect([missing.status, missing.body.code]).toEqual([422, 'criteria_hash_required']);
    const wrong = await accept('seller', jobId, 'a'.repeat(64));
    expect([wrong.status, wrong.body.code]).toEqual([409, 'criteria_hash_mismatch']);
    expect((await accept('seller', jobId, 'nonsense')).body.errors[0].path).toBe('acceptance_criteria_hash');
    expect((await accept('seller', jobId, criteriaHash(CRITERIA).toUpperCase())).status).toBe(200);
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
