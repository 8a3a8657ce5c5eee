import { listCheckSteps } from '@agent-registry/db';
import { CHECK_LIMIT_MS, CHECK_RUNNER_MS_DAILY, CHECK_SHARE_MS } from '@agent-registry/domain';
import { claimCheck, commit, LEASE_MS, openCheckHiddenCases } from '@agent-registry/operations';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkRow, newCheck, runCheck } from '../testing/checks.ts';
import { abandonRuns, startedJob } from '../testing/jobs.ts';
import { openRegistry, openRunner } from '../testing/open-registry.ts';
import { isCanary, type RunnerRequest, verdict } from '../testing/stand-in-runner.ts';
import { until } from '../testing/webhook-bench.ts';

const RUNNER = { version: '1', digest: 'd'.repeat(64) };
const runner = await openRunner();
const registry = await openRegistry({ testRunnerUrl: runner.url });

beforeEach(() => {
  runner.requests.length = 0;
  runner.say = judgeSum;
  registry.tasks.mode = 'lose'; // Tasks are dispatched by the tests alone.
});
afterEach(async () => {
  // Each test begins with a runner that nobody waits for and that no check has used.
  await registry.database.db.deleteFrom('criteria_checks').execute();
  await abandonRuns(registry);
});

/** Judges by the suite `output.sum == 42`, as the real runner would. */
function judgeSum({ text }: RunnerRequest) {
  const { deliverable } = JSON.parse(text || '{}') as { deliverable: { sum?: unknown } | null };
  const kind = deliverable?.sum === 42 ? 'pass' : 'fail';
  return { status: 200, body: { ...verdict(kind), runner: RUNNER, deterministic: true } };
}

test('a check of criteria runs each sample as often as asked and then every cheat, and earns a proof', async () => {
  const check = await newCheck(registry);
  expect(await runCheck(registry, check)).toEqual({ status: 200, body: { outcome: 'ended' } });
  const row = await checkRow(registry, check.checkId);
  expect(row).toMatchObject({ status: 'finished', runner_digest: RUNNER.digest, reason: null });
  expect(row.findings).toMatchObject({
    deterministic: true,
    forgeable: false,
    samples: [
      { name: 'reference', as_expected: true, deterministic: true },
      { name: 'stub', as_expected: true, deterministic: true },
    ],
  });
  expect(row.proof_id).not.toBeNull();
  expect(runner.requests).toHaveLength(4 + row.findings!.cheats.length);
  for (const { text } of runner.requests) expect(text).toContain('"facts":null');
});

test('a check of criteria names the cheats that got PASS, and says in the proof that the suite is forgeable', async () => {
  runner.say = ({ text }) => {
    const { deliverable } = JSON.parse(text) as { deliverable: { sum?: unknown } | null };
    const passes = deliverable !== null && deliverable.sum !== 41;
    return { status: 200, body: { ...verdict(passes ? 'pass' : 'fail'), runner: RUNNER } };
  };
  const check = await newCheck(registry);
  await runCheck(registry, check);
  const { findings, proof_id } = await checkRow(registry, check.checkId);
  const through = findings!.cheats.filter(({ passed }) => passed).map(({ name }) => name);
  expect(through).toEqual(expect.arrayContaining(['empty_object', 'zero', 'sample_with_leaves_blanked']));
  expect(through).not.toContain('null');
  expect([findings!.forgeable, proof_id !== null]).toEqual([true, true]);
});

test.each([
  ['one run of each sample', { repeats: 1 }],
  ['no stub', { samples: [{ name: 'a', result: { sum: 42 }, expect: 'pass' as const }] }],
  ['no deliverable that passes', { samples: [{ name: 'b', result: { sum: 1 }, expect: 'fail' as const }] }],
  [
    'a stub that passes',
    {
      samples: [
        { name: 'a', result: { sum: 42 }, expect: 'pass' as const },
        { name: 'b', result: { sum: 42, n: 1 }, expect: 'fail' as const },
      ],
    },
  ],
])('a check of criteria earns no proof by %s', async (_name, wish) => {
  const check = await newCheck(registry, wish);
  await runCheck(registry, check);
  expect(await checkRow(registry, check.checkId)).toMatchObject({ status: 'finished', proof_id: null });
});

test('a check of criteria is not deterministic where one repeat ends with another exit code', async () => {
  let run = 0;
  runner.say = (request) => {
    const said = judgeSum(request);
    run += 1;
    const results = said.body.results.map((result) => ({ ...result, exit_code: run === 2 ? 1 : 0 }));
    return { ...said, body: { ...said.body, results } };
  };
  const check = await newCheck(registry);
  await runCheck(registry, check);
  expect((await checkRow(registry, check.checkId)).findings).toMatchObject({ deterministic: false });
});

test('a check of criteria keeps its hidden cases sealed, and sends them to the runner alone', async () => {
  const check = await newCheck(registry, { hiddenCases: { p: 'THE-HIDDEN' } });
  const row = await checkRow(registry, check.checkId);
  expect(JSON.stringify(row)).not.toContain('THE-HIDDEN');
  expect(openCheckHiddenCases(registry.deps.sealer, row)).toContain('THE-HIDDEN');
  await runCheck(registry, check);
  for (const { text } of runner.requests) expect(text).toContain('"hidden_cases":{"p":"THE-HIDDEN"}');
  expect(JSON.stringify(registry.first.lines)).not.toContain('THE-HIDDEN');
  expect(JSON.stringify(registry.tasks.created)).not.toContain('THE-HIDDEN');
});

test('a check is run by one worker when its task arrives on two machines at once', async () => {
  const second = await registry.start();
  const check = await newCheck(registry);
  runner.say = () => 'silence';
  const first = registry.dispatch(check.spec, second);
  await until(() => runner.requests.length === 1);
  expect(await registry.dispatch(check.spec)).toEqual({ status: 409, body: { outcome: 'leased' } });
  second.context.stop();
  expect(await first).toEqual({ status: 500, body: { outcome: 'stopping' } });
  runner.say = judgeSum;
  expect(await runCheck(registry, check)).toMatchObject({ body: { outcome: 'ended' } });
  expect(await registry.dispatch(check.spec)).toEqual({ status: 200, body: { outcome: 'done' } });
});

test('a check goes on where a worker that was killed left it, once its lease has run out', async () => {
  const check = await newCheck(registry);
  let asked = 0;
  runner.say = (request) => {
    asked += 1;
    return asked > 3 ? { status: 503, body: {} } : judgeSum(request);
  };
  expect((await registry.dispatch(check.spec)).status).toBe(503);
  await commit(registry.first.context, (op) => claimCheck(op, { checkId: check.checkId }));
  runner.say = judgeSum;
  registry.clock.advance(LEASE_MS - 1);
  expect((await registry.dispatch(check.spec)).status).toBe(409);
  registry.clock.advance(1);
  expect(await runCheck(registry, check)).toMatchObject({ body: { outcome: 'ended' } });
  const steps = await listCheckSteps(registry.database.db, check.checkId);
  expect(steps.map(({ step }) => step)).toEqual(steps.map((_, index) => index));
  expect(asked).toBe(4);
});

test('while one check runs no other check does', async () => {
  const [one, other] = [await newCheck(registry), await newCheck(registry)];
  await commit(registry.first.context, (op) => claimCheck(op, { checkId: one.checkId }));
  expect(await registry.dispatch(other.spec)).toEqual({ status: 200, body: { outcome: 'later' } });
  expect(runner.requests).toHaveLength(0);
});

test('a check leaves the runner to others while a delivery waits, also in the middle of a turn', async () => {
  const job = await startedJob(registry);
  const check = await newCheck(registry);
  let asked = 0;
  let delivered: Promise<unknown> = Promise.resolve();
  runner.say = (request) => {
    asked += 1;
    if (asked === 2) delivered = job.deliver();
    return judgeSum(request);
  };
  const answers: unknown[] = [];
  for (let turn = 0; turn < 3; turn += 1) answers.push((await registry.dispatch(check.spec)).body.outcome);
  await delivered;
  expect(answers).toContain('later');
  expect((await checkRow(registry, check.checkId)).status).toBe('pending');
  const before = runner.requests.length;
  const next = registry.tasks.created.findLast(({ body }) => body.check_id === check.checkId)!;
  expect((await registry.dispatch(next)).body.outcome).toBe('later');
  expect(runner.requests).toHaveLength(before);
});

test('a check leaves the runner to others once all checks together have had their share of the hour', async () => {
  const used = await newCheck(registry, { samples: [] });
  await runCheck(registry, used);
  await registry.database.db
    .updateTable('criteria_check_steps')
    .set({ runner_ms: CHECK_SHARE_MS })
    .where('step', '=', 0)
    .execute();
  const check = await newCheck(registry);
  expect((await registry.dispatch(check.spec)).body.outcome).toBe('later');
  registry.clock.advance(3_600_000 - 1_000);
  const late = await newCheck(registry);
  expect((await registry.dispatch(late.spec)).body.outcome).toBe('later');
  registry.clock.advance(1_001);
  const free = await newCheck(registry);
  expect((await runCheck(registry, free)).body.outcome).toBe('ended');
});

test('an outage of the test-runner gives the check back to the queue, and ends it as unavailable after an hour', async () => {
  runner.say = () => ({ status: 503, body: {} });
  const check = await newCheck(registry);
  expect((await registry.dispatch(check.spec)).status).toBe(503);
  expect(await checkRow(registry, check.checkId)).toMatchObject({ status: 'pending', lease_token: null });
  registry.clock.advance(CHECK_LIMIT_MS);
  expect(await registry.dispatch(check.spec)).toEqual({ status: 200, body: { outcome: 'done' } });
  expect(await checkRow(registry, check.checkId)).toMatchObject({ status: 'unavailable', reason: 'time' });
});

test('an outage of the test-runner is told from a sample that breaks the harness: that has the verdict error, and the check goes on', async () => {
  runner.say = (request) =>
    isCanary(request) || !request.text.includes('BREAKS')
      ? judgeCanary(request)
      : { status: 200, body: { ...verdict('error'), runner: RUNNER } };
  const samples = [{ name: 'bomb', result: { text: 'BREAKS' }, expect: 'fail' as const }];
  const check = await newCheck(registry, { samples, repeats: 1 });
  await runCheck(registry, check);
  const { findings } = await checkRow(registry, check.checkId);
  expect(findings!.samples[0]).toMatchObject({ as_expected: false, repeats: [{ verdict: 'error' }] });
  expect(runner.requests.filter(isCanary)).toHaveLength(3);
});

const judgeCanary = (request: RunnerRequest) =>
  isCanary(request) ? { status: 200, body: verdict('pass') } : judgeSum(request);

test('the budget of an agent ends a check that has used it up', async () => {
  const check = await newCheck(registry);
  await registry.database.db
    .updateTable('criteria_checks')
    .set({ runner_ms: CHECK_RUNNER_MS_DAILY })
    .where('check_id', '=', check.checkId)
    .execute();
  await registry.dispatch(check.spec);
  expect(await checkRow(registry, check.checkId)).toMatchObject({
    status: 'unavailable',
    reason: 'runner_seconds',
  });
});

test('the budget of an agent has twenty checks a day, and says when the next one frees', async () => {
  const { agentId } = await registry.newAgent();
  for (let count = 0; count < 20; count += 1) await newCheck(registry, { agentId });
  await expect(newCheck(registry, { agentId })).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterSeconds: 86_400,
  });
  registry.clock.advance(86_400_000);
  await newCheck(registry, { agentId });
});

test('the sweep forgets a check after a day, and of a proof what was sent and reported; the proof after thirty', async () => {
  const [proof, other] = [await newCheck(registry), await newCheck(registry, { repeats: 1 })];
  for (const check of [proof, other]) await runCheck(registry, check);
  registry.clock.advance(86_400_000);
  await registry.sweep();
  const row = await checkRow(registry, proof.checkId);
  expect(row).toMatchObject({ criteria: null, samples: null, hidden_cases: null });
  expect(row.proof_id).not.toBeNull();
  expect(await listCheckSteps(registry.database.db, proof.checkId)).toEqual([]);
  await expect(checkRow(registry, other.checkId)).rejects.toThrow('no such check');
  registry.clock.advance(29 * 86_400_000);
  await registry.sweep();
  await expect(checkRow(registry, proof.checkId)).rejects.toThrow('no such check');
});
