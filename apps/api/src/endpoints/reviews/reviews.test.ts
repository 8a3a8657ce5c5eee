import { describe, expect, test } from '@jest/globals';
import { NO_ID } from '../../../test/arrange.ts';
import { call, newAgent } from '../../../test/call.ts';
import { newJob, useMarket } from '../../../test/market.ts';
import { readPages } from '../../../test/pages.ts';
import { testRefusals } from '../../../test/refuses.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
const market = useMarket(api);

const review = (agent: 'client' | 'seller', jobId: string, body: unknown = { rating: 5 }, path = 'reviews') =>
  market[agent].call('POST', `/v1/jobs/${jobId}/${path}`, { body });

describe('reviewing', () => {
  test('each party reviews the other, once, under either path', async () => {
    const jobId = await newJob(market, 'completed');
    const first = await review('client', jobId, { rating: 4, tags: ['fast', 'kind'], comment: 'Good.' });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      job_id: jobId,
      reviewer_agent_id: market.client.id,
      reviewee_agent_id: market.seller.id,
      role: 'client_reviewing_seller',
      rating: 4,
      tags: ['fast', 'kind'],
      comment: 'Good.',
    });
    expect((await review('client', jobId)).body.code).toBe('duplicate_review');
    const second = await review('seller', jobId, { rating: 5 }, 'review');
    expect([second.status, second.body.role]).toEqual([201, 'seller_reviewing_client']);
    const listed = await call(api, 'GET', `/v1/jobs/${jobId}/reviews`);
    expect(listed.body).toEqual([first.body, second.body]);
  });

  test('a review of a failed job is allowed, of one that was never funded or is not over 409', async () => {
    expect((await review('client', await newJob(market, 'failed'))).status).toBe(201);
    for (const state of ['agreed', 'funded', 'delivered'] as const) {
      expect((await review('client', await newJob(market, state))).body.code).toBe('invalid_state');
    }
    const cancelled = await newJob(market, 'proposed');
    await market.client.call('POST', `/v1/jobs/${cancelled}/cancel`);
    expect((await review('client', cancelled)).body.code).toBe('invalid_state');
  });

  testRefusals('a review', (body: object) => review('client', NO_ID, body), [
    ['rating', { rating: 0 }],
    ['rating', { rating: 6 }],
    ['rating', { rating: 4.5 }],
    ['rating', { rating: '5' }],
    ['rating', {}],
    ['tags', { rating: 5, tags: Array.from({ length: 11 }, () => 'x') }],
    ['tags.0', { rating: 5, tags: ['x'.repeat(65)] }],
    ['comment', { rating: 5, comment: 'x'.repeat(4_097) }],
  ]);
});

describe('reputation', () => {
  test('a reputation is New under three reviews, then their mean by fees, as far as these are full', async () => {
    const { seller } = market;
    const path = `/v1/agents/${seller.id}/reputation`;
    for (const rating of [5, 4])
      await review('client', await newJob(market, 'completed'), { rating, tags: ['fast'] });
    expect((await call(api, 'GET', path)).body).toMatchObject({
      reputation_seller: null,
      reputation_seller_display: 'New',
      total_reviews_as_seller: 2,
      total_reviews_as_client: 0,
      attack_cost_seller: '1.00',
      top_tags: [{ tag: 'fast', count: 2 }],
    });
    await review('client', await newJob(market, 'completed'), { rating: 3, tags: ['slow'] });
    const { body } = await call(api, 'GET', path);
    // One client weighs 1.00 at most: 0.50 at 3, the newest, and 0.50 at 4, which is a fifth of the full fees.
    expect(body).toMatchObject({
      reputation_seller: 0.7,
      reputation_seller_display: '0.70',
      attack_cost_seller: '1.50',
      attack_cost_client: '0.00',
      counterparties: 1,
      formula: '2',
      policy: { full_fees: '5.00', counterparties: 5, fee_rate_ppm: 25_000 },
    });
    expect(body.as_of).toBe(api.clock.now().toISOString());
    expect((await call(api, 'GET', `/v1/agents/${seller.id}`)).body.reputation_seller).toBe(0.7);
    await seller.call('POST', `/v1/agents/${seller.id}/listings`, {
      body: { skill_id: 'weighed', base_price: '1.00' },
    });
    const found = await call(api, 'GET', '/v1/discover?skill_id=weighed');
    expect(found.body.items[0]).toMatchObject({
      seller_reputation: 0.7,
      score: { trust: 0.14, attack_cost: '1.50' },
    });
  });
});

describe('lists of reviews', () => {
  test('an agent’s reviews are listed newest first, by role and by pages', async () => {
    for (const rating of [1, 2, 3]) {
      api.clock.advance(1_000);
      await review('client', await newJob(market, 'completed'), { rating });
    }
    const back = { client: market.seller, seller: market.client };
    const jobId = await newJob(back, 'completed');
    await review('client', jobId, { rating: 5 });
    const path = `/v1/agents/${market.seller.id}/reviews`;
    const ratings = async (query = '') =>
      (await call(api, 'GET', path + query)).body.items.map((item: { rating: number }) => item.rating);
    expect((await ratings()).sort((a: number, b: number) => a - b)).toEqual([1, 2, 3, 5]);
    expect(await ratings('?role=client_reviewing_seller')).toEqual([3, 2, 1]);
    expect(await ratings('?role=seller_reviewing_client')).toEqual([5]);
    const page = await call(api, 'GET', `${path}?role=client_reviewing_seller&limit=2`);
    expect(page.body.total).toBe(3);
    expect(await ratings(`?role=client_reviewing_seller&cursor=${page.body.next_cursor}`)).toEqual([1]);
    expect((await call(api, 'GET', `${path}?role=judge`)).body.errors[0].path).toBe('role');
  });

  test('a job’s reviews are a bare array whose next page is a link; an unknown job is 404', async () => {
    const jobId = await newJob(market, 'completed');
    await review('client', jobId);
    await review('seller', jobId);
    const pages = await readPages((path) => call(api, 'GET', path), `/v1/jobs/${jobId}/reviews?limit=1`);
    expect(pages.map(({ body }) => body.length)).toEqual([1, 1]);
    const past = await call(api, 'GET', `/v1/jobs/${jobId}/reviews?offset=5`);
    expect([past.status, past.body]).toEqual([200, []]);
    expect((await call(api, 'GET', `/v1/jobs/${NO_ID}/reviews`)).status).toBe(404);
  });

  test('a job that anybody asks about before it has a review is not given away', async () => {
    const jobId = await newJob(market, 'proposed');
    const stranger = await newAgent(api);
    const unknown = await call(api, 'GET', `/v1/jobs/${NO_ID}/reviews`);
    for (const reply of [
      await call(api, 'GET', `/v1/jobs/${jobId}/reviews`),
      await stranger.call('GET', `/v1/jobs/${jobId}/reviews`),
    ]) {
      expect({ ...reply.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
    }
    expect((await market.client.call('GET', `/v1/jobs/${jobId}/reviews`)).body).toEqual([]);
  });
});
