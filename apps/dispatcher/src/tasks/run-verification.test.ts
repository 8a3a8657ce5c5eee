import { findBalance } from '@agent-registry/db';
import { claimRun, LEASE_MS } from '@agent-registry/operations';
import type { TaskSpec } from '@agent-registry/schemas';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { abandonRuns, CRITERIA, startedJob, type TestJob } from '../testing/jobs.ts';
import { openRegistry, openRunner } from '../testing/open-registry.ts';
import { isCanary, type StandInRunner, verdict } from '../testing/stand-in-runner.ts';
import type { Machine } from '../testing/start-registry.ts';
import { until } from '../testing/webhook-bench.ts';

const runner = await openRunner();
const registry = await openRegistry({ testRunnerUrl: runner.url });

beforeEach(() => {
  runner.requests.length = 0;
  registry.tasks.mode = 'real';
});
afterEach(() => abandonRuns(registry));

const say = (kind: 'pass' | 'fail' | 'error', status = 200) => {
  runner.say = () => ({ status, body: verdict(kind) });
};
describe('a verdict', () => {
  test('PASS pays the seller, once, however often the task comes', async () => {
    say('pass');
    const job = await startedJob(registry);
    const spec = await job.deliver();
    const answers = [await registry.dispatch(spec), await registry.dispatch(spec)];
    expect(answers).toEqual([
      { status: 200, body: { outcome: 'pass' } },
      { status: 200, body: { outcome: 'done' } },
    ]);
    expect(await job.status()).toBe('completed');
    expect(await findBalance(registry.database.db, { kind: 'agent', ownerId: job.sellerId })).toBe(9_750n);
    expect(runner.requests).toHaveLength(1);
  });

  test('FAIL gives the job back to the seller', async () => {
    say('fail');
    const job = await startedJob(registry);
    expect(await registry.dispatch(await job.deliver())).toEqual({ status: 200, body: { outcome: 'fail' } });
    expect(await job.status()).toBe('in_progress');
  });

  test('a verdict is of the criteria and the deliverable as they were sent, asked for with a token for the runner', async () => {
    say('pass');
    const job = await startedJob(registry);
    await registry.dispatch(await job.deliver('{"n": 1.0, "big": 12345678901234567890}'));
    const [{ path, text, authorization }] = runner.requests as [StandInRunner['requests'][number]];
    expect(path).toBe('/internal/test-runs');
    expect(text).toContain(`"criteria":${CRITERIA}`);
    expect(text).toContain('"deliverable":{"n": 1.0, "big": 12345678901234567890}');
    const { aud, email } = decodeJwt(authorization.replace('Bearer ', ''));
    expect({ aud, email }).toEqual({
      aud: runner.url,
      email: 'dispatcher@test-project.iam.gserviceaccount.com',
    });
  });

  test('a verdict brings the parties’ webhooks on their way before the task is answered', async () => {
    say('pass');
    const job = await startedJob(registry, { sellerUrl: 'http://127.0.0.1:9/hook' });
    const before = registry.tasks.created.length;
    await registry.dispatch(await job.deliver());
    const events = registry.tasks.created.slice(before).map(({ body }) => body.event);
    expect(events).toContain('job.completed');
  });

  test('a verdict whose follow-up tasks could not be created stands, and is answered 200: the sweep creates them', async () => {
    say('pass');
    const job = await startedJob(registry, { sellerUrl: 'http://127.0.0.1:9/hook' });
    const spec = await job.deliver();
    registry.tasks.mode = 'refuse';
    expect(await registry.dispatch(spec)).toMatchObject({ status: 200 });
    registry.tasks.mode = 'real';
    const before = registry.tasks.created.length;
    registry.clock.advance(15_000);
    await registry.sweep();
    expect(registry.tasks.created.slice(before).map(({ body }) => body.event)).toContain('job.completed');
  });
});

describe('an outage of the test-runner', () => {
  test.each([
    ['no capacity, 503', 503],
    ['no instance, 429', 429],
    ['500 to the canary too', 500],
    ['401 to the canary too', 401],
    ['404 to the canary too', 404],
  ])(
    'an outage of the test-runner (%s): the run is given back, 503 so that the queue retries, and nothing is held against the delivery',
    async (_name, status) => {
      say('pass', status);
      const job = await startedJob(registry);
      const spec = await job.deliver();
      expect(await registry.dispatch(spec)).toEqual({ status: 503, body: { outcome: 'no_verdict' } });
      expect(await job.run()).toMatchObject({ status: 'pending', errors: 0, lease_token: null });
      say('pass');
      expect(await registry.dispatch(spec)).toMatchObject({ status: 200, body: { outcome: 'pass' } });
    },
  );

  test('no runner at all, or one that answers nonsense to the canary too, is an outage', async () => {
    runner.say = () => ({ status: 200, body: { verdict: 'pass' } });
    const job = await startedJob(registry);
    const spec = await job.deliver();
    expect((await registry.dispatch(spec)).status).toBe(503);
    const lonely = await registry.start({ env: { TEST_RUNNER_URL: 'http://127.0.0.1:9' } });
    expect((await registry.dispatch(spec, lonely)).status).toBe(503);
    expect(await job.run()).toMatchObject({ status: 'pending', errors: 0 });
    expect(await job.status()).toBe('verifying');
  });
});

describe('a harness that breaks', () => {
  test('a harness that breaks on a delivery and on the canary too is an outage: it counts for nothing', async () => {
    const job = await startedJob(registry);
    const spec = await job.deliver();
    say('error');
    for (let time = 0; time < 4; time += 1) expect((await registry.dispatch(spec)).status).toBe(503);
    expect(await job.run()).toMatchObject({ status: 'pending', errors: 0 });
    expect(await job.status()).toBe('verifying');
  });

  test('the canary tries the runtimes that the criteria use', async () => {
    const params = { script: 'AAAA', runtime: 'bash:5' };
    const criteria = JSON.stringify({ tests: [{ test_id: 's', type: 'script', params }] });
    const job = await startedJob(registry, { criteria });
    const spec = await job.deliver();
    runner.say = (request) => ({ status: 200, body: verdict(isCanary(request) ? 'pass' : 'error') });
    await registry.dispatch(spec);
    const canary = JSON.parse(runner.requests.find(isCanary)!.text) as {
      criteria: { tests: { params: { runtime?: string } }[] };
    };
    const runtimes = canary.criteria.tests.map((entry) => entry.params.runtime);
    expect(runtimes).toEqual([undefined, 'javascript', 'bash:5']);
  });
});

describe('a run is judged by one worker', () => {
  test('a run is judged by one worker when its task arrives on two machines at once', async () => {
    const second = await registry.start();
    const job = await startedJob(registry);
    const spec = await job.deliver();
    runner.say = () => 'silence';
    const first = registry.dispatch(spec);
    await until(() => runner.requests.length === 1);
    expect(await registry.dispatch(spec, second)).toEqual({ status: 409, body: { outcome: 'leased' } });
    expect(runner.requests).toHaveLength(1);
    registry.first.context.stop();
    expect(await first).toEqual({ status: 500, body: { outcome: 'stopping' } });
    // The machine that was told to stop gave the run back at once.
    say('pass');
    expect(await registry.dispatch(spec, second)).toMatchObject({ status: 200, body: { outcome: 'pass' } });
  });

  test('a run is taken over from a worker that was killed once its lease has run out', async () => {
    say('pass');
    const second = await registry.start();
    const job = await startedJob(registry);
    const spec = await job.deliver();
    const runId = String(spec.body.run_id);
    await registry.run((op) => claimRun(op, { runId }));
    registry.clock.advance(LEASE_MS - 1);
    expect((await registry.dispatch(spec, second)).status).toBe(409);
    registry.clock.advance(1);
    expect((await registry.dispatch(spec, second)).status).toBe(200);
  });

  test('a task that the sweep has replaced by a newer one is not retried', async () => {
    const second = await registry.start();
    const job = await startedJob(registry);
    const spec = await job.deliver();
    registry.clock.advance(15_000);
    registry.tasks.mode = 'lose';
    await registry.sweep({}, second);
    const newer = newestTask(spec.body.run_id);
    expect(newer.taskId).not.toBe(spec.taskId);
    say('pass', 503);
    expect(await registry.dispatch(spec, second)).toEqual({ status: 200, body: { outcome: 'no_verdict' } });
    expect(await registry.dispatch(newestTask(spec.body.run_id), second)).toMatchObject({ status: 503 });
    say('pass');
    expect(await registry.dispatch(newer, second)).toMatchObject({ status: 200, body: { outcome: 'pass' } });
  });
});

const newestTask = (runId: unknown) => registry.tasks.created.findLast(({ body }) => body.run_id === runId)!;

describe('a task takes the run whose turn it is', () => {
  let second: Machine;
  let older: { job: TestJob; spec: TaskSpec };
  let younger: { job: TestJob; spec: TaskSpec };
  beforeEach(async () => {
    second = await registry.start();
    const deliver = async () => {
      const job = await startedJob(registry);
      registry.clock.advance(1);
      return { job, spec: await job.deliver() };
    };
    older = await deliver();
    younger = await deliver();
  });

  test('the task of a run that another task took takes another run: as many tasks as runs reach a verdict on all', async () => {
    say('pass');
    expect(await registry.dispatch(younger.spec, second)).toMatchObject({ body: { outcome: 'pass' } });
    expect([await older.job.status(), await younger.job.status()]).toEqual(['completed', 'delivered']);
    expect(await registry.dispatch(older.spec, second)).toMatchObject({ body: { outcome: 'pass' } });
    expect(await younger.job.status()).toBe('completed');
  });

  test('a run that another run’s task could not finish is given a task of its own, since the queue retries that of the other run', async () => {
    say('pass', 503);
    registry.tasks.mode = 'lose';
    const answer = await registry.dispatch(younger.spec, second);
    expect(answer).toEqual({ status: 200, body: { outcome: 'no_verdict' } });
    const own = newestTask(older.spec.body.run_id);
    expect(own.taskId).not.toBe(older.spec.taskId);
    expect(await registry.dispatch(own, second)).toEqual({ status: 503, body: { outcome: 'no_verdict' } });
  });

  test('a run whose worker was killed is taken by whichever task comes after its lease', async () => {
    say('pass');
    const { value: claim } = await registry.run((op) =>
      claimRun(op, { runId: String(younger.spec.body.run_id) }),
    );
    expect(claim.kind).toBe('claimed');
    registry.clock.advance(LEASE_MS);
    await registry.dispatch(younger.spec, second);
    expect([await older.job.status(), await younger.job.status()]).toEqual(['completed', 'delivered']);
    // Its own task was lost with its worker: the sweep brings another.
    registry.clock.advance(60_000);
    registry.tasks.mode = 'lose';
    await registry.sweep({}, second);
    await registry.dispatch(newestTask(younger.spec.body.run_id), second);
    expect(await younger.job.status()).toBe('completed');
  });
});
