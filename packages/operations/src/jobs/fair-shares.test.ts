import { findOutbox } from '@agent-registry/db';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHarness, type Harness, verdict } from '../testing/harness.ts';
import { type TwoParties, twoParties } from '../testing/two-parties.ts';
import { settleVerification } from './settle-verification.ts';
import { claimRun } from './verify-run.ts';

const SECOND = 1_000;
let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(async () => harness[Symbol.asyncDispose]());

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
  let queue: { runId: string; notBeforeMs: number; delivery: Delivery }[] = [];
  let running: { runId: string; token: string; endsMs: number }[] = [];
  const judged: Judged[] = [];
  const dispatch = async (): Promise<boolean> => {
    if (running.length >= slots) return false;
    const task = queue.find(({ notBeforeMs }) => notBeforeMs <= nowMs());
    if (task === undefined) return false;
    queue = queue.filter((other) => other !== task);
    const claim = await harness.run((op) => claimRun(op, { runId: task.runId }));
    if (claim.kind === 'claimed') {
      const endsMs = nowMs() + task.delivery.suiteMs;
      running.push({ runId: task.runId, token: claim.token, endsMs });
      judged.push({ ...task.delivery, startedMs: nowMs() });
      return true;
    }
    expect(claim.kind).toBe('later');
    const name = { kind: 'verification', subject: task.runId, cycle: 1, attempt: 1 } as const;
    const entry = await findOutbox(harness.deps.db, name);
    queue.push({ ...task, notBeforeMs: entry!.due_at.getTime() - startMs });
    return true;
  };
  while (judged.length < deliveries.length || running.length > 0) {
    for (const one of coming.filter(({ atMs }) => atMs === nowMs())) {
      await one.by.deliver(one.jobId);
      queue.push({ runId: await one.by.runOf(one.jobId), notBeforeMs: nowMs(), delivery: one });
    }
    for (const { runId, token } of running.filter(({ endsMs }) => endsMs === nowMs()))
      await harness.run((op) => settleVerification(op, { runId, token, response: verdict('pass') }));
    running = running.filter(({ endsMs }) => endsMs > nowMs());
    while (await dispatch());
    const free = running.length < slots ? queue.map(({ notBeforeMs }) => notBeforeMs) : [];
    const next = [...free, ...running.map(({ endsMs }) => endsMs), ...coming.map(({ atMs }) => atMs)];
    const nextMs = Math.min(...next.filter((ms) => ms > nowMs()));
    if (Number.isFinite(nextMs)) harness.time.now = new Date(startMs + nextMs);
  }
  harness.time.now = new Date(harness.time.now.getTime() + 2 * 3_600_000);
  return judged;
}

/** A client that has paid a fee of late. */
async function payingClient(): Promise<TwoParties> {
  const parties = await twoParties(harness);
  const jobId = await parties.working({ criteria: true });
  await parties.deliver(jobId);
  await parties.judge(jobId, 'pass');
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
