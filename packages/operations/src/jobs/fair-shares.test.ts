import { afterEach, expect, test } from '@jest/globals';
import { sweepOutbox } from '../sweep/sweep-outbox.ts';
import { useHarness, verdict } from '../testing/harness.ts';
import { type TwoParties, twoParties } from '../testing/two-parties.ts';
import { settleVerification } from './settle-verification.ts';
import { claimRun, releaseRun } from './verify-run.ts';

const SECOND = 1_000;
const harness = useHarness();
afterEach(() => {
  harness.advance(2 * 3_600_000);
});

interface Delivery {
  readonly by: TwoParties;
  readonly atMs: number;
  readonly suiteMs: number;
}

interface Judged extends Delivery {
  readonly startedMs: number;
}

/** Plays the queue of verifications and a runner with `slots`: tasks first come first served, a run to its end. */
async function play(slots: number, deliveries: readonly Delivery[]): Promise<Judged[]> {
  const startMs = harness.time.now.getTime();
  const nowMs = () => harness.time.now.getTime() - startMs;
  const coming = await Promise.all(
    deliveries.map(async (one) => ({ ...one, jobId: await one.by.working({ criteria: true }) })),
  );
  const tasks: string[] = [];
  let running: { runId: string; token: string; endsMs: number }[] = [];
  const judged: Judged[] = [];
  while (judged.length < deliveries.length || running.length > 0) {
    for (const one of coming.filter(({ atMs }) => atMs === nowMs())) {
      await one.by.deliver(one.jobId);
      tasks.push(await one.by.runOf(one.jobId));
    }
    for (const { runId, token } of running.filter(({ endsMs }) => endsMs === nowMs()))
      await harness.run((op) => settleVerification(op, { runId, token, response: verdict('pass') }));
    running = running.filter(({ endsMs }) => endsMs > nowMs());
    while (running.length < slots && tasks.length > 0) {
      const { run, token } = await claim(tasks.shift()!);
      const delivery = coming.find(({ jobId }) => jobId === run.job_id)!;
      running.push({ runId: run.run_id, token, endsMs: nowMs() + delivery.suiteMs });
      judged.push({ ...delivery, startedMs: nowMs() });
    }
    const next = [...running.map(({ endsMs }) => endsMs), ...coming.map(({ atMs }) => atMs)];
    const nextMs = Math.min(...next.filter((ms) => ms > nowMs()));
    if (Number.isFinite(nextMs)) harness.time.now = new Date(startMs + nextMs);
  }
  return judged;
}

/** What the task of `runId` takes; it must take something. */
async function claim(runId: string) {
  const claimed = await harness.run((op) => claimRun(op, { runId }));
  if (claimed.kind !== 'claimed') throw new Error(`the task finds its run ${claimed.kind}`);
  return claimed;
}

/** A client that has paid a fee of late. */
async function payingClient(): Promise<TwoParties> {
  const parties = await twoParties(harness);
  const jobId = await parties.delivered({ criteria: true });
  await parties.recordVerdict(jobId, 'pass');
  return parties;
}

test('four long suites of clients that pay no fees delay a paying client’s verdict by one suite at most', async () => {
  const payer = await payingClient();
  const free = await Promise.all([1, 2, 3, 4].map(() => twoParties(harness)));
  const suiteMs = 36 * SECOND;
  const judged = await play(2, [
    ...free.map((by) => ({ by, atMs: 0, suiteMs })),
    { by: payer, atMs: SECOND, suiteMs: SECOND },
  ]);
  const mine = judged.find(({ by }) => by === payer)!;
  expect(mine.startedMs).toBeLessThanOrEqual(suiteMs);
  expect(judged).toHaveLength(5);
});

/** Runs that wait in the lane of those who pay no fees, oldest first. */
async function backlog(length: number): Promise<string[]> {
  const parties = await twoParties(harness);
  const runIds: string[] = [];
  for (let at = 0; at < length; at += 1) {
    const jobId = await parties.working({ criteria: true, price: 1n });
    harness.advance(1);
    await parties.deliver(jobId);
    runIds.push(await parties.runOf(jobId));
  }
  return runIds;
}

test('behind a backlog of 120 runs of one lane, another lane’s run is what the very next task judges', async () => {
  const payer = await payingClient();
  const waiting = await backlog(120);
  const first = await claim(waiting.shift()!);
  expect(first.run.lane).not.toBe(payer.client);
  const jobId = await payer.delivered({ criteria: true });
  const next = await claim(waiting[0]!);
  expect(next.run.job_id).toBe(jobId);
  // The payer's own task comes last and takes what is left: as many tasks as runs, in the order they came in.
  const tasks = [...waiting.slice(1), await payer.runOf(jobId)];
  const taken: string[] = [];
  for (const runId of tasks) taken.push((await claim(runId)).run.run_id);
  expect(taken).toEqual(waiting);
});

test('a run given back unjudged is taken again by any task once its time has come, before those behind it', async () => {
  const payer = await payingClient();
  const [runId, ...others] = await backlog(3);
  const { token } = await claim(runId!);
  await harness.run((op) => releaseRun(op, { runId: runId!, token, isRetried: true }));
  const jobId = await payer.delivered({ criteria: true });
  expect((await claim(others[0]!)).run.job_id).toBe(jobId);
  expect((await claim(others[0]!)).run.run_id).toBe(others[0]);
  harness.advance(SECOND);
  expect((await claim(others[1]!)).run.run_id).toBe(runId);
});

test('while runs are given turns the sweep adds tasks for the oldest 100 that wait, and for all once turns have stopped', async () => {
  const { db } = harness.deps;
  await db.deleteFrom('outbox').execute();
  await db.updateTable('verification_runs').set({ status: 'abandoned' }).execute();
  const waiting = await backlog(120);
  await claim(waiting.shift()!);
  const swept = async (afterMs: number) => {
    harness.advance(afterMs);
    await harness.run((op) => sweepOutbox(op));
    const due = db.selectFrom('outbox').select('subject').where('kind', '=', 'verification');
    const rows = await due.where('generation', '>', 0).execute();
    return rows.map(({ subject }) => subject).filter((subject) => waiting.includes(subject));
  };
  expect((await swept(20_000)).toSorted()).toEqual(waiting.slice(0, 100).toSorted());
  expect(await swept(300_000)).toHaveLength(waiting.length);
});
