import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CRITERIA, judge, type Market, newJob, newMarket } from '../../testing/market.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

let api: TestApi;
let market: Market;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  market = await newMarket(api, '100.00');
});
afterAll(() => api.stop());

type Party = 'client' | 'seller';
const act = (agent: Party, jobId: string, action: string, body?: unknown) =>
  market[agent].call('POST', `/v1/jobs/${jobId}/${action}`, body === undefined ? {} : { body });
const look = async (agent: Party, jobId: string) =>
  (await market[agent].call('GET', `/v1/jobs/${jobId}`)).body;
const balances = async () =>
  Promise.all(
    [market.client, market.seller].map(
      async (agent) => (await agent.call('GET', `/v1/agents/${agent.id}/balance`)).body.balance,
    ),
  );

describe('whose act it is: the other party gets 403, the wrong state 409', () => {
  test.each([
    ['fund', 'client', 'agreed', 'proposed'],
    ['start', 'seller', 'funded', 'agreed'],
    ['deliver', 'seller', 'in_progress', 'funded'],
    ['complete', 'client', 'delivered', 'in_progress'],
    ['fail', 'client', 'delivered', 'in_progress'],
    ['verify', 'client', 'delivered', 'in_progress'],
  ] as const)('%s is the %s’s, from %s', async (action, party, state, early) => {
    const other = party === 'client' ? 'seller' : 'client';
    const body = { result: 1 };
    const jobId = await newJob(market, state);
    const wrong = await act(other, jobId, action, body);
    expect([wrong.status, wrong.body.code]).toEqual([403, 'wrong_party']);
    const earlyId = await newJob(market, early);
    expect((await act(party, earlyId, action, body)).body.code).toBe('invalid_state');
    expect((await act(party, jobId, action, body)).status).toBe(200);
  });
});

describe('funding', () => {
  test('holds the price and the bond, and tells of the escrow', async () => {
    const jobId = await newJob(market, 'agreed', { terms: { seller_abort_penalty: '5.00' } });
    const reply = await act('client', jobId, 'fund');
    expect(reply.body).toMatchObject({
      job_id: jobId,
      client_agent_id: market.client.id,
      seller_agent_id: market.seller.id,
      amount: '20.00',
      status: 'held',
      released_at: null,
    });
    expect(await balances()).toEqual(['80.00', '95.00']);
    expect((await act('client', jobId, 'fund')).body.code).toBe('invalid_state');
  });

  test('is 422 when either balance is short, and holds nothing', async () => {
    const dear = await newJob(market, 'agreed', { terms: { max_budget: '100.01' } });
    const short = await act('client', dear, 'fund');
    expect([short.status, short.body.code]).toEqual([422, 'insufficient_funds']);
    const poor = await newMarket(api, '10.00');
    const rich = { client: market.client, seller: poor.seller };
    const bonded = await newJob(rich, 'agreed', { terms: { seller_abort_penalty: '10.01' } });
    expect((await rich.client.call('POST', `/v1/jobs/${bonded}/fund`)).body.code).toBe('insufficient_funds');
    expect(await balances()).toEqual(['100.00', '100.00']);
  });

  test('twenty at once of jobs whose price covers five: five are funded', async () => {
    const jobs = await Promise.all(Array.from({ length: 10 }, () => newJob(market, 'agreed')));
    const replies = await Promise.all([...jobs, ...jobs].map((jobId) => act('client', jobId, 'fund')));
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(5);
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200, 409, 422]));
    expect(await balances()).toEqual(['0.00', '100.00']);
  });
});

describe('delivering without criteria', () => {
  test('shows the client the result, which it judges', async () => {
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

  test('verify completes it too, with no verification, as often as it is asked', async () => {
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

  test('fail hides the result again, and pays nobody yet', async () => {
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

  test('over 512 KiB it is 422', async () => {
    const jobId = await newJob(market, 'in_progress');
    const large = await act('seller', jobId, 'deliver', { result: 'x'.repeat(524_287) });
    expect([large.status, large.body.errors[0].path]).toEqual([422, 'result']);
    expect((await act('seller', jobId, 'deliver', { result: 'x'.repeat(524_286) })).status).toBe(200);
  });

  test('numbers are shown as they were sent', async () => {
    const jobId = await newJob(market, 'in_progress');
    const raw = '{"result":{"exact":1.10,"large":12345678901234567890,"e":1E2}}';
    const path = `/v1/jobs/${jobId}/deliver`;
    expect((await market.seller.call('POST', path, { raw })).status).toBe(200);
    const { text } = await market.client.call('GET', `/v1/jobs/${jobId}`);
    expect(text).toContain('"result":{"exact":1.10,"large":12345678901234567890,"e":1E2}');
  });
});

describe('with criteria', () => {
  const terms = { acceptance_criteria: CRITERIA };
  const SECRET = 'THE-DELIVERABLE';
  const told = { stdout: SECRET, stderr: SECRET, message: SECRET, exit_code: 7 };

  test('the parties do not judge: 409', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    for (const action of ['complete', 'fail']) {
      expect((await act('client', jobId, action)).body.code).toBe('criteria_decide');
    }
  });

  test('before the verdict, verify answers 202 and where to look', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    const reply = await market.client.call('POST', `/v1/jobs/${jobId}/verify`, {
      headers: { Prefer: 'wait=0' },
    });
    expect([reply.status, reply.body.verification, reply.body.job.result]).toEqual([202, null, null]);
    expect(reply.headers.get('location')).toBe(`/v1/jobs/${jobId}/verifications`);
    expect(reply.headers.get('preference-applied')).toBe('wait=0');
  });

  test('verify waits for the verdict', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    const waiting = market.client.call('POST', `/v1/jobs/${jobId}/verify`, {
      headers: { Prefer: 'wait=20' },
    });
    await judge(api, jobId, 'pass');
    const reply = await waiting;
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      job: { status: 'completed' },
      verification: { passed: true, verdict: 'pass' },
    });
  });

  test('PASS pays, and shows the client everything', async () => {
    const jobId = await newJob(market, 'delivered', { terms, result: { ok: true, text: SECRET } });
    await judge(api, jobId, 'pass', told);
    expect(await balances()).toEqual(['80.00', '119.50']);
    const reply = await act('client', jobId, 'verify');
    expect(reply.body.job.result).toEqual({ ok: true, text: SECRET });
    expect(reply.body.verification.results[0].stdout).toBe(SECRET);
  });

  test('FAIL gives the job back, and tells the client of each test its outcome alone', async () => {
    const jobId = await newJob(market, 'delivered', { terms, result: { ok: false, text: SECRET } });
    await judge(api, jobId, 'fail', told);
    const reply = await act('client', jobId, 'verify');
    expect(reply.body.job.status).toBe('in_progress');
    expect(reply.body.verification).toEqual({
      passed: false,
      verdict: 'fail',
      results: [{ test_id: 'says-ok', type: 'assertion', passed: false, outcome: 'failed' }],
      summary: '0 of 1 tests passed',
    });
  });

  test('a client whose script prints the deliverable and fails gets none of it, by any route, event or log', async () => {
    const jobId = await newJob(market, 'delivered', { terms, result: { ok: false, text: SECRET } });
    await judge(api, jobId, 'fail', told);
    const { client } = market;
    await api.tasks.idle();
    const seen = await Promise.all([
      client.call('GET', `/v1/jobs/${jobId}`),
      client.call('GET', '/v1/jobs'),
      client.call('GET', `/v1/jobs/${jobId}/verifications`),
      client.call('GET', `/v1/jobs/${jobId}/events`),
      client.call('GET', `/v1/agents/${client.id}/webhooks`),
      client.call('POST', `/v1/jobs/${jobId}/verify`),
    ]);
    const events = await api.db.selectFrom('events').select('body').execute();
    for (const text of [
      ...seen.map((reply) => reply.text),
      JSON.stringify(events),
      JSON.stringify(api.lines),
    ]) {
      expect(text).not.toContain(SECRET);
    }
    expect(JSON.stringify(api.tasks.received)).not.toContain(SECRET);
    const { body } = await client.call('GET', `/v1/jobs/${jobId}/verifications`);
    expect(Object.keys(body.items[0])).not.toContain('usage');
    expect(Object.keys(body.items[0])).not.toContain('deliverable_hash');
  });

  test('the seller sees all of every run', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    await judge(api, jobId, 'fail', told);
    await act('seller', jobId, 'deliver', { result: { ok: true } });
    const { body } = await market.seller.call('GET', `/v1/jobs/${jobId}/verifications`);
    expect(body.items).toMatchObject([
      {
        delivery: 1,
        status: 'fail',
        passed: false,
        results: [{ stdout: SECRET, exit_code: 7 }],
        usage: { cpu_ms: 1 },
      },
      { delivery: 2, status: 'pending', passed: null, results: [], finished_at: null },
    ]);
    const page = await market.seller.call('GET', `/v1/jobs/${jobId}/verifications?limit=1`);
    const next = await market.seller.call(
      'GET',
      `/v1/jobs/${jobId}/verifications?cursor=${page.body.next_cursor}`,
    );
    expect(next.body.items).toEqual([body.items[1]]);
  });

  test('a second delivery that passes is paid; the verdict that counts is the last delivery’s', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    await judge(api, jobId, 'fail');
    await act('seller', jobId, 'deliver', { result: { ok: true } });
    const early = await market.client.call('POST', `/v1/jobs/${jobId}/verify`, {
      headers: { Prefer: 'wait=0' },
    });
    expect(early.status).toBe(202);
    await judge(api, jobId, 'pass');
    expect((await act('client', jobId, 'verify')).body.verification.passed).toBe(true);
    expect(await balances()).toEqual(['80.00', '119.50']);
  });

  test('waiters have fifty places; the next is told to come again', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    const release = Promise.withResolvers<void>();
    const held = Array.from({ length: 50 }, () => api.context.waiters.hold(() => release.promise));
    const reply = await act('client', jobId, 'verify');
    expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([
      503,
      'unavailable',
      '5',
    ]);
    release.resolve();
    await Promise.all(held);
  });
});

describe('aborting', () => {
  const terms = { client_abort_penalty: '4.00', seller_abort_penalty: '6.00' };

  test.each(['funded', 'in_progress'] as const)('from %s the client pays its penalty', async (state) => {
    const jobId = await newJob(market, state, { terms });
    const reply = await act('client', jobId, 'abort', { reason: 'Changed our mind.' });
    expect([reply.status, reply.body.status]).toEqual([200, 'cancelled']);
    expect(await balances()).toEqual(['96.00', '104.00']);
  });

  test('the seller forfeits its bond', async () => {
    const jobId = await newJob(market, 'in_progress', { terms });
    expect((await act('seller', jobId, 'abort')).body.status).toBe('cancelled');
    expect(await balances()).toEqual(['106.00', '94.00']);
  });

  test('is too early before funding and too late after delivery', async () => {
    for (const state of ['agreed', 'delivered'] as const) {
      const jobId = await newJob(market, state, { terms });
      expect((await act('client', jobId, 'abort')).body.code).toBe('invalid_state');
    }
  });
});

describe('disputing', () => {
  test('is either party’s, of a failed job', async () => {
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

describe('alarms', () => {
  test('are set before the answer is sent', async () => {
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

  test('that cannot be set are left to the sweep: the request succeeds all the same', async () => {
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

test('a service that is told to stop lets its waiters go with their 202', async () => {
  const other = await startApi();
  const there = await newMarket(other);
  const jobId = await newJob(there, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
  const waiting = there.client.call('POST', `/v1/jobs/${jobId}/verify`, { headers: { Prefer: 'wait=25' } });
  other.context.waiters.stop();
  expect((await waiting).status).toBe(202);
  await other.stop();
});
