import { findBalance, findJob, listLeavesOfJob } from '@agent-registry/db';
import {
  claimRejudgement,
  closeRecallCase,
  commit,
  LEASE_MS,
  openRecall,
  operatorDeposit,
  requestRejudgements,
} from '@agent-registry/operations';
import type { TaskSpec } from '@agent-registry/schemas';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { abandonRuns, startedJob, type TestJob } from '../testing/jobs.ts';
import { openRegistry, openRunner } from '../testing/open-registry.ts';
import { isCanary, verdict } from '../testing/stand-in-runner.ts';
import { until } from '../testing/webhook-bench.ts';

const CURRENT = { version: '2', digest: 'c'.repeat(64) };
const runner = await openRunner();
const registry = await openRegistry({ testRunnerUrl: runner.url });
const { db } = registry.database;
let runners = 0;
/** The runner that each test finds faulty. */
let faulty: { version: string; digest: string };

beforeEach(() => {
  runners += 1;
  faulty = { version: '1', digest: runners.toString(16).padStart(64, 'f') };
  registry.tasks.mode = 'lose'; // Tasks are dispatched by the tests alone.
  runner.requests.length = 0;
});
afterEach(() => abandonRuns(registry));

const say = (kind: 'pass' | 'fail', by: object | undefined = CURRENT) => {
  runner.say = () => ({ status: 200, body: { ...verdict(kind), ...(by && { runner: by }) } });
};

interface Judged {
  readonly job: TestJob;
  readonly runId: string;
}

/** A job whose delivery the faulty runner judged. */
async function judged(kind: 'pass' | 'fail', deliver = '{"n": 1.0}'): Promise<Judged> {
  say(kind, faulty);
  const job = await startedJob(registry);
  const spec = await job.deliver(deliver);
  await registry.dispatch(spec);
  runner.requests.length = 0;
  return { job, runId: spec.body.run_id as string };
}

async function recalled(...runIds: string[]): Promise<{ recallId: string; specs: TaskSpec[] }> {
  const { value: recall } = await registry.run((op) =>
    openRecall(op, { runnerDigest: faulty.digest, reason: 'It took every answer.' }),
  );
  return { recallId: recall.recall_id, specs: await ask(recall.recall_id, ...runIds) };
}

async function ask(recallId: string, ...runIds: string[]): Promise<TaskSpec[]> {
  const { specs } = await registry.run((op) => requestRejudgements(op, { recallId, runIds }));
  return specs.filter(({ path }) => path === '/internal/rejudgement');
}

const rowOf = (runId: string) =>
  db.selectFrom('rejudgements').selectAll().where('run_id', '=', runId).executeTakeFirstOrThrow();
const told = async (jobId: string) => {
  const events = await db
    .selectFrom('events')
    .innerJoin('webhook_deliveries as delivery', 'delivery.event_id', 'events.event_id')
    .select(['events.body', 'delivery.agent_id'])
    .where('events.job_id', '=', jobId)
    .where('type', '=', 'job.verdict_recalled')
    .execute();
  return events.map(({ body, agent_id }) => ({ agent_id, ...JSON.parse(body) }));
};
const leavesOf = async (jobId: string) =>
  (await listLeavesOfJob(db, jobId))
    .filter(({ kind }) => kind === 'recall')
    .map(({ leaf, subject }) => ({ subject, ...JSON.parse(leaf.toString()) }));
/** All that a recall must leave as it is. */
const standing = async ({ job }: Judged) => ({
  job: await findJob(db, job.jobId),
  run: await job.run(),
  client: await findBalance(db, { kind: 'agent', ownerId: job.clientId }),
  seller: await findBalance(db, { kind: 'agent', ownerId: job.sellerId }),
});

describe('a verdict that turns', () => {
  test('a verdict that turns is told to both parties and the log, once however often its task comes, and changes neither job nor money', async () => {
    const one = await judged('pass');
    const before = await standing(one);
    const { specs } = await recalled(one.runId);
    say('fail');
    const answers = [await registry.dispatch(specs[0]!), await registry.dispatch(specs[0]!)];
    expect(answers.map(({ body }) => body.outcome)).toEqual(['turned', 'done']);
    expect(runner.requests).toHaveLength(1);
    expect(await standing(one)).toEqual(before);
    const { clientId, sellerId, jobId } = one.job;
    const events = await told(jobId);
    expect(new Set(events.map(({ agent_id }) => agent_id))).toEqual(new Set([clientId, sellerId]));
    expect(events).toHaveLength(2);
    expect(events[0].data).toEqual({
      run_id: one.runId,
      delivery: 1,
      verdict: 'pass',
      new_verdict: 'fail',
      reason: 'It took every answer.',
    });
    expect(await leavesOf(jobId)).toMatchObject([
      {
        subject: `${one.runId}:turned`,
        runner_digest: faulty.digest,
        verdicts: 1,
        turned: 1,
        reference: null,
      },
    ]);
    expect(await rowOf(one.runId)).toMatchObject({
      status: 'turned',
      verdict: 'fail',
      runner_digest: CURRENT.digest,
      lease_token: null,
    });
    // Nothing is left for the sweep, and asking again begins nothing.
    expect(await db.selectFrom('outbox').selectAll().where('kind', '=', 'rejudgement').execute()).toEqual([]);
    expect(await ask((await rowOf(one.runId)).recall_id, one.runId)).toEqual([]);
  });

  test('the case of a verdict that turned is closed with a deposit to a party, and the log has its reference', async () => {
    const one = await judged('fail');
    await registry.run((op) =>
      operatorDeposit(op, { agentId: one.job.sellerId, amount: 500n, reference: `early ${runners}` }),
    );
    const { recallId, specs } = await recalled(one.runId);
    const close = (reference: string | null) =>
      registry.run((op) => closeRecallCase(op, { recallId, runId: one.runId, reference, note: 'as agreed' }));
    await expect(close(null)).rejects.toMatchObject({ code: 'invalid_state' });
    registry.clock.advance(1_000);
    say('pass');
    await registry.dispatch(specs[0]!);
    const other = await registry.newAgent();
    const [stranger, paid] = [`stranger ${runners}`, `paid ${runners}`];
    for (const [reference, agentId] of [
      [stranger, other.agentId],
      [paid, one.job.sellerId],
    ] as const)
      await registry.run((op) => operatorDeposit(op, { agentId, amount: 9_750n, reference }));
    for (const unfit of ['never paid', `early ${runners}`, stranger])
      await expect(close(unfit)).rejects.toMatchObject({ code: 'invalid_state' });
    await close(paid);
    expect(await rowOf(one.runId)).toMatchObject({ status: 'closed', reference: paid, note: 'as agreed' });
    expect((await leavesOf(one.job.jobId))[1]).toMatchObject({
      subject: `${one.runId}:closed`,
      reference: paid,
      turned: 1,
    });
    await expect(close(paid)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('a deposit that compensated in one case compensates in no other', async () => {
    const one = await judged('pass');
    say('pass', faulty);
    const delivered = await startedJob(registry);
    const spec = await delivered.deliver();
    await registry.dispatch(spec);
    const { recallId, specs } = await recalled(one.runId, spec.body.run_id as string);
    say('fail');
    for (const each of specs) expect((await registry.dispatch(each)).body.outcome).toBe('turned');
    const reference = `once ${runners}`;
    // The other job's party, as if both were the same agent's.
    await db
      .updateTable('jobs')
      .set({ client_agent_id: one.job.clientId })
      .where('job_id', '=', delivered.jobId)
      .execute();
    await registry.run((op) => operatorDeposit(op, { agentId: one.job.clientId, amount: 1n, reference }));
    const close = (runId: string) =>
      registry.run((op) => closeRecallCase(op, { recallId, runId, reference, note: 'n' }));
    await close(one.runId);
    await expect(close(spec.body.run_id as string)).rejects.toMatchObject({ code: 'duplicate_reference' });
  });
});

describe('judging anew', () => {
  test('a verdict that is the same when judged anew is told to nobody, and may be asked for again', async () => {
    const one = await judged('pass');
    const { recallId, specs } = await recalled(one.runId);
    say('pass');
    expect((await registry.dispatch(specs[0]!)).body.outcome).toBe('same');
    expect([await told(one.job.jobId), await leavesOf(one.job.jobId)]).toEqual([[], []]);
    const [again] = await ask(recallId, one.runId);
    expect(again!.taskId).not.toBe(specs[0]!.taskId);
    // A task of the first time finds nothing to do.
    expect((await registry.dispatch(specs[0]!)).body.outcome).toBe('done');
    expect((await registry.dispatch(again!)).body.outcome).toBe('same');
  });

  test('a verdict is judged anew on the same suite and deliverable, with the times as they stood', async () => {
    runner.say = ({ text }) => ({ status: 200, body: { ...verdict('fail'), runner: faulty, seen: text } });
    const job = await startedJob(registry);
    registry.clock.advance(60_000);
    const first = await job.deliver('{"try": 1}');
    await registry.dispatch(first);
    registry.clock.advance(60_000);
    const second = await job.deliver('{"try": 2.0}');
    await registry.dispatch(second);
    registry.clock.advance(60_000);
    const asFirst = runner.requests.map(({ text }) => text);
    runner.requests.length = 0;
    const runIds = [first, second].map(({ body }) => body.run_id as string);
    const { specs } = await recalled(...runIds);
    // What the first delivery brought is no longer there.
    expect(await rowOf(runIds[0]!)).toMatchObject({ status: 'unavailable' });
    expect(specs).toHaveLength(1);
    say('fail');
    expect((await registry.dispatch(specs[0]!)).body.outcome).toBe('same');
    expect(runner.requests.map(({ text }) => text)).toEqual([asFirst[1]]);
  });

  test('a verdict is not judged anew once the seller has delivered again', async () => {
    const one = await judged('fail');
    const { specs } = await recalled(one.runId);
    await one.job.deliver('{"try": 2}');
    say('pass');
    expect((await registry.dispatch(specs[0]!)).body.outcome).toBe('done');
    expect([await rowOf(one.runId), runner.requests.length]).toMatchObject([{ status: 'unavailable' }, 0]);
  });

  test('no verdict is judged anew while a delivery waits for the runner', async () => {
    const one = await judged('pass');
    const { specs } = await recalled(one.runId);
    const waiting = await startedJob(registry);
    const delivery = await waiting.deliver();
    expect((await registry.dispatch(specs[0]!)).body.outcome).toBe('later');
    expect(runner.requests).toHaveLength(0);
    say('fail');
    await registry.dispatch(delivery);
    registry.clock.advance(1_000);
    expect((await registry.dispatch(specs[0]!)).body.outcome).toBe('superseded');
    const next = registry.tasks.created.findLast(({ body }) => body.run_id === one.runId)!;
    expect((await registry.dispatch(next)).body.outcome).toBe('turned');
  });
});

describe('many verdicts', () => {
  test('however many verdicts wait to be judged anew, one of them asks for the runner in a second', async () => {
    const many: Judged[] = [];
    for (let count = 0; count < 4; count += 1) many.push(await judged('pass'));
    const { specs } = await recalled(...many.map(({ runId }) => runId));
    const now = registry.clock.now().getTime();
    const dueAfterMs = async () => {
      const rows = await db
        .selectFrom('outbox')
        .select('due_at')
        .where('kind', '=', 'rejudgement')
        .orderBy('due_at')
        .execute();
      return rows.map(({ due_at }) => due_at.getTime() - now);
    };
    expect(await dueAfterMs()).toEqual([0, 1_000, 2_000, 3_000]);
    const waiting = await startedJob(registry);
    const delivery = await waiting.deliver();
    expect((await registry.dispatch(specs[0]!)).body.outcome).toBe('later');
    expect(await dueAfterMs()).toEqual([1_000, 2_000, 3_000, 4_000]);
    say('pass');
    await registry.dispatch(delivery);
    for (const spec of specs.slice(1)) expect((await registry.dispatch(spec)).body.outcome).toBe('same');
    registry.clock.advance(4_000);
    const last = registry.tasks.created.findLast(({ path }) => path === '/internal/rejudgement')!;
    expect((await registry.dispatch(last)).body.outcome).toBe('same');
  });
});

describe('an outage is not a verdict', () => {
  test.each([
    ['the runner has no capacity', () => ({ status: 503, body: {} })],
    ['the runner answers nonsense and fails its canary', () => ({ status: 200, text: '{}' })],
  ])(
    'where %s, a verdict that is judged anew is tried again and nothing is decided',
    async (_name, answer) => {
      const one = await judged('pass');
      const { specs } = await recalled(one.runId);
      runner.say = answer;
      for (let attempt = 0; attempt < 4; attempt += 1)
        expect(await registry.dispatch(specs[0]!)).toMatchObject({
          status: 503,
          body: { outcome: 'no_verdict' },
        });
      expect(await rowOf(one.runId)).toMatchObject({ status: 'waiting', errors: 0, verdict: null });
      expect(await told(one.job.jobId)).toEqual([]);
      say('fail');
      expect((await registry.dispatch(specs[0]!)).body.outcome).toBe('turned');
    },
  );

  test.each([
    ['is the recalled one', () => ({ status: 200, body: { ...verdict('fail'), runner: faulty } })],
    ['does not say which it is', () => ({ status: 200, body: verdict('fail') })],
  ])(
    'where the current runner %s, a verdict is not judged anew, and may be asked for again',
    async (_name, answer) => {
      const one = await judged('pass');
      const { recallId, specs } = await recalled(one.runId);
      runner.say = answer;
      expect(await registry.dispatch(specs[0]!)).toMatchObject({
        status: 200,
        body: { outcome: 'unavailable' },
      });
      expect(await rowOf(one.runId)).toMatchObject({ status: 'unavailable', verdict: null });
      expect(await told(one.job.jobId)).toEqual([]);
      say('fail');
      const [again] = await ask(recallId, one.runId);
      expect((await registry.dispatch(again!)).body.outcome).toBe('turned');
    },
  );

  test('a deliverable that breaks the harness three times while a canary passes is not judged anew any more', async () => {
    const one = await judged('pass');
    const { specs } = await recalled(one.runId);
    runner.say = (request) => ({
      status: 200,
      body: { ...verdict(isCanary(request) ? 'pass' : 'error'), runner: CURRENT },
    });
    const outcomes = [];
    for (let attempt = 0; attempt < 3; attempt += 1)
      outcomes.push((await registry.dispatch(specs[0]!)).body.outcome);
    expect(outcomes).toEqual(['error', 'error', 'unavailable']);
    expect(await rowOf(one.runId)).toMatchObject({ status: 'unavailable', errors: 3, verdict: null });
    expect(await told(one.job.jobId)).toEqual([]);
  });
});

describe('one worker', () => {
  test('a verdict is judged anew by one worker when its task arrives on two machines at once, and by the other when the one is stopped', async () => {
    const one = await judged('pass');
    const { specs } = await recalled(one.runId);
    const second = await registry.start();
    runner.say = () => 'silence';
    const first = registry.dispatch(specs[0]!, second);
    await until(() => runner.requests.length === 1);
    expect(await registry.dispatch(specs[0]!)).toEqual({ status: 409, body: { outcome: 'leased' } });
    second.context.stop();
    expect(await first).toEqual({ status: 500, body: { outcome: 'stopping' } });
    say('fail');
    expect((await registry.dispatch(specs[0]!)).body.outcome).toBe('turned');
    expect(await told(one.job.jobId)).toHaveLength(2);
  });

  test('a verdict is judged anew by another worker once one that was killed has not been heard of for a lease', async () => {
    const one = await judged('pass');
    const { specs } = await recalled(one.runId);
    const { cycle, generation } = specs[0]!.body as { cycle: number; generation: number };
    await commit(registry.first.context, (op) =>
      claimRejudgement(op, { runId: one.runId, cycle, generation }),
    );
    say('fail');
    registry.clock.advance(LEASE_MS - 1);
    expect((await registry.dispatch(specs[0]!)).status).toBe(409);
    registry.clock.advance(1);
    expect((await registry.dispatch(specs[0]!)).body.outcome).toBe('turned');
    expect(await leavesOf(one.job.jobId)).toHaveLength(1);
  });

  test('a verdict that three operators ask for at once is judged anew once', async () => {
    const one = await judged('pass');
    const { recallId, specs: none } = await recalled();
    expect(none).toEqual([]);
    const asked = await Promise.all([1, 2, 3].map(() => ask(recallId, one.runId)));
    expect(asked.flat()).toHaveLength(1);
  });
});

describe('a recall', () => {
  test('a recall is said by a leaf at once, happens once, and needs a runner that judged', async () => {
    await judged('pass');
    const open = (runnerDigest = faulty.digest) =>
      registry.run((op) => openRecall(op, { runnerDigest, reason: 'r' }));
    await expect(open('0'.repeat(64))).rejects.toMatchObject({ code: 'not_found' });
    const two = await Promise.allSettled([open(), open()]);
    expect(two.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const leaves = await db.selectFrom('log_leaves').select('leaf').where('kind', '=', 'recall').execute();
    const ours = leaves.map(({ leaf }) => JSON.parse(leaf.toString())).filter((leaf) => leaf.reason === 'r');
    expect(ours).toMatchObject([{ runner_digest: faulty.digest, verdicts: 1, turned: 0, reference: null }]);
  });

  test('a recall fits into a leaf whatever its reason and reference are made of', async () => {
    const one = await judged('pass');
    const { value: recall } = await registry.run((op) =>
      openRecall(op, { runnerDigest: faulty.digest, reason: '漢'.repeat(200) }),
    );
    const specs = await ask(recall.recall_id, one.runId);
    say('fail');
    await registry.dispatch(specs[0]!);
    const reference = `${runners}`.padEnd(128, '\u0001');
    await registry.run((op) => operatorDeposit(op, { agentId: one.job.clientId, amount: 1n, reference }));
    await registry.run((op) =>
      closeRecallCase(op, { recallId: recall.recall_id, runId: one.runId, reference, note: 'n' }),
    );
    expect(await leavesOf(one.job.jobId)).toHaveLength(2);
  });

  test('a recall has no verdict of another runner judged anew', async () => {
    const one = await judged('pass');
    const mine = faulty;
    faulty = { version: '1', digest: 'e'.repeat(62) + runners.toString(16).padStart(2, '0') };
    const other = await judged('pass');
    faulty = mine;
    const { recallId } = await recalled(one.runId);
    await expect(ask(recallId, one.runId, other.runId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(ask(other.runId, one.runId)).rejects.toMatchObject({ code: 'not_found' });
  });
});
