import { describe, expect, test } from '@jest/globals';
import { balancesOf, CRITERIA, newJob, newMarket, useMarket } from '../../../test/market.ts';
import { startApi, useApi } from '../../../test/start-api.ts';

const api = useApi();
const market = useMarket(api, '100.00');

type Party = 'client' | 'seller';
const act = (agent: Party, jobId: string, action: string, body?: unknown) =>
  market[agent].call('POST', `/v1/jobs/${jobId}/${action}`, body === undefined ? {} : { body });
const look = async (agent: Party, jobId: string) =>
  (await market[agent].call('GET', `/v1/jobs/${jobId}`)).body;
const balances = () => balancesOf(market);

describe('whose act it is: the other party gets 403, the wrong state 409', () => {
  test.each([
    ['fund', 'client', 'agreed', 'proposed'],
    ['start', 'seller', 'funded', 'agreed'],
    ['deliver', 'seller', 'in_progress', 'funded'],
    ['complete', 'client', 'delivered', 'in_progress'],
    ['fail', 'client', 'delivered', 'in_progress'],
    ['verify', 'client', 'delivered', 'in_progress'],
  ] as const)('the step %s is the %s’s, from the state %s', async (action, party, state, early) => {
    const other = party === 'client' ? 'seller' : 'client';
    const body = action === 'deliver' ? { result: 1 } : {};
    const jobId = await newJob(market, state);
    const wrong = await act(other, jobId, action, body);
    expect([wrong.status, wrong.body.code]).toEqual([403, 'wrong_party']);
    const earlyId = await newJob(market, early);
    expect((await act(party, earlyId, action, body)).body.code).toBe('invalid_state');
    expect((await act(party, jobId, action, body)).status).toBe(200);
  });
});

describe('funding', () => {
  test('funding holds the price and the bond, and tells of the escrow', async () => {
    const jobId = await newJob(market, 'agreed', { terms: { seller_abort_penalty: '5.00' } });
    const reply = await act('client', jobId, 'fund');
    expect(reply.body).toMatchObject({
      job_id: jobId,
      client_agent_id: market.client.id,
      seller_agent_id: market.seller.id,
      amount: '20.00',
      status: 'funded',
      released_at: null,
    });
    expect(await balances()).toEqual(['80.00', '95.00']);
    expect((await act('client', jobId, 'fund')).body.code).toBe('invalid_state');
  });

  test('funding is 422 when either balance is short, and holds nothing', async () => {
    const dear = await newJob(market, 'agreed', { terms: { max_budget: '100.01' } });
    const short = await act('client', dear, 'fund');
    expect([short.status, short.body.code]).toEqual([422, 'insufficient_funds']);
    const poor = await newMarket(api, '10.00');
    const rich = { client: market.client, seller: poor.seller };
    const bonded = await newJob(rich, 'agreed', { terms: { seller_abort_penalty: '10.01' } });
    const unbonded = await rich.client.call('POST', `/v1/jobs/${bonded}/fund`);
    expect(unbonded.body.code).toBe('insufficient_funds');
    expect(unbonded.text).not.toContain('10.00'); // what the seller has is not for its client to know
    expect(await balances()).toEqual(['100.00', '100.00']);
  });
});

describe('delivering without criteria', () => {
  test('delivering without criteria shows the client the result, which it judges', async () => {
    const jobId = await newJob(market, 'delivered', { result: { text: 'the work', n: 1 } });
    expect(await look('client', jobId)).toMatchObject({
      status: 'delivered',
      result: { text: 'the work', n: 1 },
    });
  });

  test('complete pays the seller the price less the fee', async () => {
    const jobId = await newJob(market, 'delivered');
    const reply = await act('client', jobId, 'complete');
    expect([reply.status, reply.body.status, reply.body.result]).toEqual([200, 'completed', { ok: true }]);
    expect(await balances()).toEqual(['80.00', '119.50']);
    expect((await act('client', jobId, 'complete')).body.code).toBe('invalid_state');
  });

  test('verify completes a job without criteria too, with no verification, as often as it is asked', async () => {
    const jobId = await newJob(market, 'delivered');
    for (let asked = 0; asked < 2; asked += 1) {
      const reply = await act('client', jobId, 'verify');
      expect([reply.status, reply.body.job.status, reply.body.verification]).toEqual([
        200,
        'completed',
        null,
      ]);
    }
    expect(await balances()).toEqual(['80.00', '119.50']);
  });

  test('a client’s fail hides the result again, and pays nobody yet', async () => {
    const jobId = await newJob(market, 'delivered');
    const reply = await act('client', jobId, 'fail', { reason: 'Not what was asked.' });
    expect(reply.body).toMatchObject({ status: 'failed', result: null });
    expect((await look('seller', jobId)).result).toEqual({ ok: true });
    expect(await balances()).toEqual(['80.00', '100.00']);
  });

  test('the result may be null, and is missing only when it is left out', async () => {
    const jobId = await newJob(market, 'in_progress');
    expect((await act('seller', jobId, 'deliver', {})).body.errors[0].path).toBe('result');
    expect((await act('seller', jobId, 'deliver', { result: null })).status).toBe(200);
  });

  test('a result over 512 KiB is 422', async () => {
    const jobId = await newJob(market, 'in_progress');
    const large = await act('seller', jobId, 'deliver', { result: 'x'.repeat(524_287) });
    expect([large.status, large.body.errors[0].path]).toEqual([422, 'result']);
    expect((await act('seller', jobId, 'deliver', { result: 'x'.repeat(524_286) })).status).toBe(200);
  });

  test('numbers are shown as they were sent', async () => {
    const jobId = await newJob(market, 'in_progress');
    const raw = '{"result":{"exact":1.10,"large":100000000000000000000,"e":1E2}}';
    const path = `/v1/jobs/${jobId}/deliver`;
    expect((await market.seller.call('POST', path, { raw })).status).toBe(200);
    const { text } = await market.client.call('GET', `/v1/jobs/${jobId}`);
    expect(text).toContain('"result":{"exact":1.10,"large":100000000000000000000,"e":1E2}');
  });
});

describe('aborting', () => {
  const terms = { client_abort_penalty: '4.00', seller_abort_penalty: '6.00' };

  test.each(['funded', 'in_progress'] as const)(
    'a client that aborts a job that is %s pays its penalty',
    async (state) => {
      const jobId = await newJob(market, state, { terms });
      const reply = await act('client', jobId, 'abort', { reason: 'Changed our mind.' });
      expect([reply.status, reply.body.status]).toEqual([200, 'cancelled']);
      expect(await balances()).toEqual(['96.00', '104.00']);
    },
  );

  test('a seller that aborts forfeits its bond', async () => {
    const jobId = await newJob(market, 'in_progress', { terms });
    expect((await act('seller', jobId, 'abort')).body.status).toBe('cancelled');
    expect(await balances()).toEqual(['106.00', '94.00']);
  });
});

describe('disputing', () => {
  test('disputing is either party’s, of a failed job', async () => {
    for (const agent of ['client', 'seller'] as const) {
      const jobId = await newJob(market, 'failed');
      const reply = await act(agent, jobId, 'dispute', { reason: 'It was fine.' });
      expect([reply.status, reply.body.status]).toEqual([200, 'disputed']);
    }
    const completed = await newJob(market, 'completed');
    expect((await act('seller', completed, 'dispute')).body.code).toBe('invalid_state');
  });
});

test('the timeline tells the whole story, oldest first, to both parties', async () => {
  const jobId = await newJob(market, 'completed');
  const { body } = await market.client.call('GET', `/v1/jobs/${jobId}/events`);
  expect(body.items.map((item: { event: string }) => item.event)).toEqual([
    'job.proposed',
    'job.accepted',
    'job.funded',
    'job.started',
    'job.delivered',
    'job.completed',
  ]);
  expect(body.items[2]).toMatchObject({ job_id: jobId, data: { client_agent_id: market.client.id } });
  const page = await market.seller.call('GET', `/v1/jobs/${jobId}/events?limit=4`);
  const rest = await market.seller.call('GET', `/v1/jobs/${jobId}/events?cursor=${page.body.next_cursor}`);
  expect([...page.body.items, ...rest.body.items]).toEqual(body.items);
});

describe('timers', () => {
  test('timers are set before the answer is sent', async () => {
    const before = api.tasks.received.length;
    const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
    await api.tasks.idle();
    const runs = api.tasks.received
      .slice(before)
      .filter((task) => task.path === '/internal/verification-run');
    expect(runs).toEqual([
      { path: '/internal/verification-run', body: expect.objectContaining({ job_id: jobId }) },
    ]);
  });

  test('timers that cannot be set are left to the sweep: the request succeeds all the same', async () => {
    const other = await startApi();
    const there = await newMarket(other);
    await other.tasks.breakDown();
    const jobId = await newJob(there, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
    const { outbox } = await other.db
      .selectFrom('outbox')
      .select((eb) => eb.fn.countAll<bigint>().as('outbox'))
      .where('job_id', '=', jobId)
      .where('kind', '=', 'verification')
      .executeTakeFirstOrThrow();
    expect(outbox).toBe(1n);
    expect(other.lines.some((line) => String(line.message).includes('the sweep will find them'))).toBe(true);
    await other.stop();
  });
});

test('a job between agents without endpoints costs no Cloud Tasks call: its timers are far away when they are set', async () => {
  const jobId = await newJob(market, 'completed');
  await api.tasks.idle();
  expect(api.tasks.received.filter(({ body }) => body.job_id === jobId)).toEqual([]);
});
