import { describe, expect, test } from '@jest/globals';
import { call, newAgent } from '../../../test/call.ts';
import { newJob, useMarket } from '../../../test/market.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
const market = useMarket(api);

describe('a job is its parties’ alone', () => {
  test('to others a job is the same 404 as what is not there, for every route', async () => {
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

test('a page of large jobs is cut short under 8 MiB, and its cursor leads on', async () => {
  const { id } = market.client;
  const requirements = JSON.stringify('x'.repeat(3_000_000));
  for (let made = 0; made < 5; made += 1) {
    api.clock.advance(1_000);
    const jobId = await newJob(market, 'proposed');
    await api.db.updateTable('jobs').set({ requirements }).where('job_id', '=', jobId).execute();
  }
  const first = await market.client.call('GET', '/v1/jobs?limit=5');
  expect(first.body.items).toHaveLength(2);
  const second = await market.client.call('GET', `/v1/jobs?limit=5&cursor=${first.body.next_cursor}`);
  expect(second.body.items).toHaveLength(2);
  const third = await market.client.call('GET', `/v1/jobs?limit=5&cursor=${second.body.next_cursor}`);
  expect(third.body.items).toHaveLength(1);
  expect([third.body.next_cursor, third.body.items[0].client_agent_id]).toEqual([null, id]);
});
