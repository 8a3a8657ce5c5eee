import { verdictKey } from '@agent-registry/operations';
import { describe, expect, test } from '@jest/globals';
import { outcomeOf } from '../../../test/call.ts';
import {
  balancesOf,
  CRITERIA,
  claimLast,
  newJob,
  newMarket,
  recordVerdict,
  useMarket,
} from '../../../test/market.ts';
import { readPages } from '../../../test/pages.ts';
import { startApi, useApi } from '../../../test/start-api.ts';
import { untilFound } from '../../until-found.ts';

const api = useApi();
const market = useMarket(api, '100.00');

type Party = 'client' | 'seller';
const act = (agent: Party, jobId: string, action: string, body?: unknown) =>
  market[agent].call('POST', `/v1/jobs/${jobId}/${action}`, body === undefined ? {} : { body });
const everythingSeen = (jobId: string) => {
  const { client } = market;
  return Promise.all([
    client.call('GET', `/v1/jobs/${jobId}`),
    client.call('GET', '/v1/jobs'),
    client.call('GET', `/v1/jobs/${jobId}/verifications`),
    client.call('GET', `/v1/jobs/${jobId}/events`),
    client.call('GET', `/v1/agents/${client.id}/webhooks`),
    client.call('POST', `/v1/jobs/${jobId}/verify`),
  ]);
};
const balances = () => balancesOf(market);
/** Verifies a job as one that will not wait for its verdict. */
const verifyAtOnce = (jobId: string) =>
  market.client.call('POST', `/v1/jobs/${jobId}/verify`, { headers: { Prefer: 'wait=0' } });

test('verify of a job in another state is refused in its own words', async () => {
  const jobId = await newJob(market, 'in_progress');
  const { status, body } = await act('client', jobId, 'verify');
  expect([status, body.detail]).toEqual([409, 'A job that is in_progress has no delivery to verify.']);
});

describe('with criteria', () => {
  const terms = { acceptance_criteria: CRITERIA };
  const SECRET = 'THE-DELIVERABLE';
  const told = { stdout: SECRET, stderr: SECRET, message: SECRET, exit_code: 7 };

  test('the parties of a job with criteria can neither complete nor fail it', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    for (const action of ['complete', 'fail']) {
      expect((await act('client', jobId, action)).body.code).toBe('criteria_decide');
    }
  });

  test('before the verdict, verify answers 202 and where to look', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    const reply = await verifyAtOnce(jobId);
    expect([reply.status, reply.body.verification, reply.body.job.result]).toEqual([202, null, null]);
    expect(reply.headers.get('location')).toBe(`/v1/jobs/${jobId}/verifications`);
    expect(reply.headers.get('preference-applied')).toBe('wait=0');
  });

  test('verify waits for the verdict', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    const waiting = market.client.call('POST', `/v1/jobs/${jobId}/verify`, {
      headers: { Prefer: 'wait=20' },
    });
    await recordVerdict(api, jobId, 'pass');
    const reply = await waiting;
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      job: { status: 'completed' },
      verification: { passed: true, verdict: 'pass' },
    });
  });

  test('PASS pays, and shows the client everything', async () => {
    const jobId = await newJob(market, 'delivered', { terms, result: { ok: true, text: SECRET } });
    await recordVerdict(api, jobId, 'pass', told);
    expect(await balances()).toEqual(['80.00', '119.50']);
    const reply = await act('client', jobId, 'verify');
    expect(reply.body.job.result).toEqual({ ok: true, text: SECRET });
    expect(reply.body.verification.results[0].stdout).toBe(SECRET);
  });

  test('FAIL gives the job back, and tells the client of each test whether it passed, alone', async () => {
    const jobId = await newJob(market, 'delivered', { terms, result: { ok: false, text: SECRET } });
    await recordVerdict(api, jobId, 'fail', told);
    const reply = await act('client', jobId, 'verify');
    expect(reply.body.job.status).toBe('in_progress');
    expect(reply.body.verification).toEqual({
      passed: false,
      verdict: 'fail',
      results: [{ test_id: 'says-ok', type: 'assertion', passed: false }],
      summary: '0 of 1 tests passed',
    });
  });

  test('a client whose script prints the deliverable and fails gets none of it, by any route, event or log', async () => {
    const jobId = await newJob(market, 'delivered', { terms, result: { ok: false, text: SECRET } });
    await recordVerdict(api, jobId, 'fail', told);
    const { client } = market;
    await api.tasks.idle();
    const seen = await everythingSeen(jobId);
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

  test('a client that has not paid learns no outcome and no time of a test, by any route', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    await recordVerdict(api, jobId, 'fail', { ...told, outcome: 'suite_timeout' });
    const seen = await everythingSeen(jobId);
    for (const { text } of seen) expect(text).not.toMatch(/suite_timeout|_ms"|"outcome"|peak_memory/);
    const [run] = seen[2]!.body.items;
    expect([run.started_at, run.finished_at, run.errors]).toEqual([null, null, undefined]);
    const failed = seen[3]!.body.items.find(
      (event: { event: string }) => event.event === 'job.verification_failed',
    );
    expect(failed.data).toEqual({ reason: '1 of 1 tests did not pass' });
  });

  test('criteria that disclose the verdict alone tell the client of no test and no count, and the seller of all', async () => {
    const criteria = { ...CRITERIA, disclosure: 'verdict' };
    const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: criteria } });
    await recordVerdict(api, jobId, 'fail', told);
    const seen = await everythingSeen(jobId);
    expect(seen[5]!.body.verification).toEqual({
      passed: false,
      verdict: 'fail',
      results: [],
      summary: 'the delivery did not pass',
    });
    expect(seen[2]!.body.items[0].results).toEqual([]);
    for (const { text } of seen.slice(2)) expect(text).not.toMatch(/\d of \d/);
    expect(seen[0]!.body.disclosure_bits).toBe(1);
    const theirs = await market.seller.call('GET', `/v1/jobs/${jobId}/verifications`);
    expect(theirs.body.items[0].results).toMatchObject([told]);
  });

  test('a FAIL of a suite that runs code is told to nobody before the next whole step after the delivery', async () => {
    const script = Buffer.from('throw 1').toString('base64');
    const criteria = { script, runtime: 'javascript' };
    const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: criteria } });
    api.clock.advance(5_001);
    await recordVerdict(api, jobId, 'fail', told);
    const look = async (agent: Party) => {
      const { body } = await market[agent].call('GET', `/v1/jobs/${jobId}/verifications`);
      const { status, results, summary, finished_at } = body.items[0];
      return { status, results: results.length, summary, finished_at };
    };
    const untold = { status: 'running', results: 0, summary: null, finished_at: null };
    expect([await look('client'), await look('seller')]).toEqual([untold, untold]);
    api.clock.advance(4_998);
    expect((await claimLast(api, jobId)).claim.kind).toBe('later');
    api.clock.advance(1);
    expect((await claimLast(api, jobId)).claim.kind).toBe('settled');
    expect(await look('seller')).toMatchObject({ status: 'fail', results: 1 });
    const { body: job } = await market.client.call('GET', `/v1/jobs/${jobId}`);
    // One for the test, six for the sixty steps of five seconds that a suite can take.
    expect([job.status, job.disclosure_bits]).toEqual(['in_progress', 7]);
  });

  test('the seller sees all of every run', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    await recordVerdict(api, jobId, 'fail', told);
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
    const pages = await readPages(
      (path) => market.seller.call('GET', path),
      `/v1/jobs/${jobId}/verifications?limit=1`,
    );
    expect(pages.map((page) => page.body.items)).toEqual(body.items.map((run: object) => [run]));
  });

  test('a second delivery that passes is paid; the verdict that counts is the last delivery’s', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    await recordVerdict(api, jobId, 'fail');
    await act('seller', jobId, 'deliver', { result: { ok: true } });
    expect((await verifyAtOnce(jobId)).status).toBe(202);
    await recordVerdict(api, jobId, 'pass');
    expect((await act('client', jobId, 'verify')).body.verification.passed).toBe(true);
    expect(await balances()).toEqual(['80.00', '119.50']);
  });

  test('verify says that the seller may deliver again after a FAIL while deliveries and time are left, and then never', async () => {
    const verified = async (jobId: string) => (await act('client', jobId, 'verify')).body.retry_allowed;
    const again = (jobId: string) => act('seller', jobId, 'deliver', { result: { ok: false } });
    const passed = await newJob(market, 'delivered', { terms });
    await recordVerdict(api, passed, 'pass');
    expect(await verified(passed)).toBe(false);
    const failing = await newJob(market, 'delivered', { terms });
    for (let left = api.context.rules.maxDeliveries - 1; left >= 0; left -= 1) {
      await recordVerdict(api, failing, 'fail');
      expect([left, await verified(failing)]).toEqual([left, left > 0]);
      expect((await again(failing)).status).toBe(left > 0 ? 200 : 409);
    }
    const late = await newJob(market, 'delivered', { terms });
    await recordVerdict(api, late, 'fail');
    expect(await verified(late)).toBe(true);
    const { body } = await market.seller.call('GET', `/v1/jobs/${late}`);
    api.clock.advance(Date.parse(String(body.delivery_deadline)) - api.clock.now().getTime());
    expect(await verified(late)).toBe(false); // no timer has acted yet
    expect((await again(late)).status).toBe(409);
  });

  test('fifty requests wait for a verdict at once, and the next is told to retry later', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    const release = Promise.withResolvers<void>();
    const polls = Array.from({ length: 50 }, (_, index) =>
      api.context.outcomePolls.run(`agent-${index % 13}`, () => release.promise),
    );
    const reply = await act('client', jobId, 'verify');
    expect([outcomeOf(reply), reply.headers.get('retry-after')]).toEqual(['503 unavailable', '5']);
    release.resolve();
    await Promise.all(polls);
  });
});

test('an agent with sixty waiting calls has four places, and another agent waits beside it', async () => {
  const other = await newMarket(api, '100.00');
  const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
  const theirs = await newJob(other, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
  const headers = { Prefer: 'wait=20' };
  const verify = () => market.client.call('POST', `/v1/jobs/${jobId}/verify`, { headers });
  const sixty = Array.from({ length: 60 }, verify);
  expect(await Promise.race(sixty)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  const beside = other.client.call('POST', `/v1/jobs/${theirs}/verify`, { headers });
  await recordVerdict(api, theirs, 'pass');
  expect((await beside).status).toBe(200);
  await recordVerdict(api, jobId, 'pass');
  const statuses = (await Promise.all(sixty)).map((reply) => reply.status);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
});

test('a verdict wakes who waits for it, without a poll', async () => {
  const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
  const { wakeUps } = api.context;
  const connected = Promise.withResolvers<void>();
  wakeUps?.subscribe('job:any', connected.resolve);
  api.context.announce?.(['job:any']);
  await connected.promise;
  const looks: string[] = [];
  const firstLook = Promise.withResolvers<void>();
  const waiting = untilFound(
    async () => {
      const { body } = await market.client.call('GET', `/v1/jobs/${jobId}`);
      looks.push(body.status);
      firstLook.resolve();
      return body.status === 'completed' ? body.status : null;
    },
    {
      timeoutMs: 600_000,
      pollMs: 600_000,
      signal: new AbortController().signal,
      subscribe: (wake) => wakeUps!.subscribe(verdictKey(jobId), wake),
    },
  );
  await firstLook.promise;
  await recordVerdict(api, jobId, 'pass');
  expect(await waiting).toBe('completed');
  expect(looks[0]).toBe('delivered');
});

test('a page of runs has seven at most, and stays below eight mebibytes with the largest that are kept', async () => {
  const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
  await recordVerdict(api, jobId, 'fail');
  const kept = {
    outcome: 'failed',
    message: '',
    exit_code: 1,
    stderr: '',
    stdout: 'x'.repeat(1_000_000),
  } as const;
  const results = [{ test_id: 'says-ok', type: 'assertion', passed: false, ...kept }];
  const { delivered_at, finished_at } = await api.db
    .selectFrom('verification_runs')
    .selectAll()
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow();
  const runs = Array.from({ length: 8 }, (_, index) => ({
    run_id: api.context.ids.next(),
    job_id: jobId,
    delivery: index + 2,
    status: 'fail' as const,
    results: JSON.stringify(results),
    delivered_at,
    finished_at,
  }));
  await api.db.insertInto('verification_runs').values(runs).execute();
  const [first, ...rest] = await readPages(
    (path) => market.seller.call('GET', path),
    `/v1/jobs/${jobId}/verifications?limit=100`,
  );
  expect([first!.body.total, first!.body.items.length]).toEqual([9, 7]);
  expect(first!.text.length).toBeLessThan(8 * 1_048_576);
  expect(rest.map(({ body }) => body.items.length)).toEqual([2]);
});

test('a service that is told to stop answers waiting requests 202', async () => {
  const other = await startApi();
  const there = await newMarket(other);
  const jobId = await newJob(there, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
  const waiting = there.client.call('POST', `/v1/jobs/${jobId}/verify`, { headers: { Prefer: 'wait=25' } });
  other.context.stop();
  expect((await waiting).status).toBe(202);
  await other.stop();
});
