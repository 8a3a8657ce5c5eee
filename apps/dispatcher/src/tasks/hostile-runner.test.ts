import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startedJob } from '../testing/jobs.ts';
import { openRegistry, openRunner } from '../testing/open-registry.ts';
import { isCanary, type Say, verdict } from '../testing/stand-in-runner.ts';

const runner = await openRunner();
const registry = await openRegistry({ testRunnerUrl: runner.url });

const pass = verdict('pass');
const [passed] = pass.results;

const ANSWERS: readonly (readonly [string, Say])[] = [
  ['200 with garbage', { status: 200, text: 'not JSON at all' }],
  ['200 with an empty body', { status: 200, text: '' }],
  ['200 with JSON cut short', { status: 200, text: JSON.stringify(pass).slice(0, 50) }],
  ['200 with 15 MB of a verdict', { status: 200, body: { ...pass, summary: 'x'.repeat(15_000_000) } }],
  ['200 with wrong types', { status: 200, body: { ...pass, results: [{ ...passed, passed: 'yes' }] } }],
  [
    '200 with an unknown outcome',
    { status: 200, body: { ...pass, results: [{ ...passed, outcome: 'fine' }] } },
  ],
  ['200 with null', { status: 200, text: 'null' }],
  ['a redirect', { status: 302, body: {}, headers: { location: '/internal/test-runs' } }],
  ['204', { status: 204, text: '' }],
  ['400', { status: 400, body: {} }],
  ['401', { status: 401, body: {} }],
  ['404', { status: 404, body: {} }],
  ['413', { status: 413, body: {} }],
  ['422', { status: 422, body: {} }],
  ['500', { status: 500, body: {} }],
  ['an answer that breaks off', { behave: 'drop-mid-body' }],
  ['a chunk that breaks off', { behave: 'drop-mid-chunk' }],
  ['chunks without end', { behave: 'endless' }],
  ['a gibibyte', { behave: 'one-gib' }],
  ['one header without end', { behave: 'one-huge-header' }],
  ['two lengths', { behave: 'two-lengths' }],
  ['no HTTP', { behave: 'garbage' }],
  ['a verdict of `error`', { status: 200, body: verdict('error') }],
];

test.each(ANSWERS)(
  'a runner that answers %s to a delivery, and judges others, is asked three times and no more',
  async (_what, say) => {
    const job = await startedJob(registry);
    const spec = await job.deliver();
    runner.requests.length = 0;
    runner.say = (request) => (isCanary(request) ? { status: 200, body: pass } : say);
    for (const errors of [1, 2]) {
      expect(await registry.dispatch(spec)).toEqual({ status: 500, body: { outcome: 'error' } });
      expect(await job.run()).toMatchObject({ status: 'pending', errors });
    }
    expect(await registry.dispatch(spec)).toEqual({ status: 200, body: { outcome: 'disputed' } });
    expect(await registry.dispatch(spec)).toEqual({ status: 200, body: { outcome: 'done' } });
    expect(runner.requests.map(isCanary)).toEqual([false, true, false, true, false, true]);
    expect(await job.status()).toBe('disputed');
    expect(await job.run()).toMatchObject({ status: 'error', errors: 3 });
  },
);

test('a verdict that the database refuses for its data is stored without its texts, and pays', async () => {
  await sql`ALTER TABLE verification_runs ADD CONSTRAINT refused CHECK (results::text NOT LIKE '%poison%')`.execute(
    registry.database.db,
  );
  runner.say = () => ({ status: 200, body: { ...pass, results: [{ ...passed, stdout: 'poison' }] } });
  const job = await startedJob(registry);
  expect(await registry.dispatch(await job.deliver())).toMatchObject({ body: { outcome: 'pass' } });
  expect(await job.status()).toBe('completed');
  expect((await job.run()).results).toMatchObject([{ test_id: 't1', passed: true, stdout: '' }]);
});

test('a verdict that the database refuses even so is a broken harness: three times, then the job is disputed', async () => {
  const poisoned = { ...pass, results: [{ ...passed, test_id: 'poison' }] };
  runner.say = () => ({ status: 200, body: poisoned });
  const job = await startedJob(registry);
  const spec = await job.deliver();
  const answers = [];
  for (let task = 0; task < 3; task += 1) answers.push((await registry.dispatch(spec)).body.outcome);
  expect(answers).toEqual(['error', 'error', 'disputed']);
  expect(await job.status()).toBe('disputed');
});

test('the largest verdict that a runner can give is kept in a mebibyte, with every name and flag', async () => {
  const noise = '\u0001'.repeat(16_000);
  const results = Array.from({ length: 20 }, (_, index) => ({
    ...passed!,
    test_id: `${'t'.repeat(98)}${index + 10}`,
    stdout: noise,
    stderr: noise,
  }));
  runner.say = () => ({ status: 200, body: { ...pass, results } });
  const job = await startedJob(registry);
  expect(await registry.dispatch(await job.deliver())).toMatchObject({ body: { outcome: 'pass' } });
  const kept = (await job.run()).results!;
  expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(1_048_576);
  expect(kept.map(({ test_id, passed: isPassed }) => [test_id, isPassed])).toEqual(
    results.map(({ test_id }) => [test_id, true]),
  );
});
