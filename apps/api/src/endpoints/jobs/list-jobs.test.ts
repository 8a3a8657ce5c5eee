import { describe, expect, test } from '@jest/globals';
import { NO_ID } from '../../../test/arrange.ts';
import { newAgent } from '../../../test/call.ts';
import { newJob, useMarket } from '../../../test/market.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
const market = useMarket(api);

describe('a job is its parties’ alone', () => {
  test('to others a job is the same 404 as what is not there, for every route', async () => {
    const jobId = await newJob(market, 'proposed');
    const stranger = await newAgent(api);
    const asked = [
      ...['', '/verifications', '/events'].map((path) => ['GET', path, undefined] as const),
      ...['accept', 'cancel', 'fund', 'start', 'verify', 'complete', 'fail', 'abort', 'dispute'].map(
        (action) => ['POST', `/${action}`, {}] as const,
      ),
      ['POST', '/counter', { proposed_price: '1.00' }],
      ['POST', '/deliver', { result: 1 }],
      ['POST', '/reviews', { rating: 5 }],
      ['POST', '/review', { rating: 5 }],
    ] as const;
    const ask = async (id: string) =>
      (
        await Promise.all(
          asked.map(([method, path, body]) => stranger.call(method, `/v1/jobs/${id}${path}`, { body })),
        )
      ).map(({ status, body }) => ({ status, ...body, instance: '' }));
    const [seen, nothing] = [await ask(jobId), await ask(NO_ID)];
    expect(seen).toEqual(nothing);
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([404]));
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
  });
});
