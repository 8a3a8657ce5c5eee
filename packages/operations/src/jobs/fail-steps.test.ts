import { findOutbox, findRun } from '@agent-registry/db';
import { expect, test } from '@jest/globals';
import { HOUR, useHarness, verdict } from '../testing/harness.ts';
import { type TwoParties, twoParties } from '../testing/two-parties.ts';
import { settleVerification } from './settle-verification.ts';
import { claimRun } from './verify-run.ts';

/** The step of the harness's rules. */
const STEP_MS = 5_000;
const WITH_CODE =
  '{"tests":[{"test_id":"t1","type":"script","params":{"script":"AAAA","runtime":"javascript"}}]}';

const harness = useHarness();

/** A delivered job whose suite runs code, and its run. */
async function delivered(): Promise<{ parties: TwoParties; jobId: string; runId: string; deadline: Date }> {
  const parties = await twoParties(harness);
  const { db } = harness.deps;
  const jobId = await parties.propose({ criteria: true });
  await db.updateTable('jobs').set({ acceptance_criteria: WITH_CODE }).where('job_id', '=', jobId).execute();
  await parties.accept(jobId);
  await parties.work(jobId);
  const { delivery_deadline: deadline } = await parties.deliver(jobId);
  return { parties, jobId, runId: await parties.runOf(jobId), deadline: deadline! };
}

const claim = (runId: string) => harness.run((op) => claimRun(op, { runId }));

async function giveVerdict(parties: TwoParties, jobId: string, kind: 'pass' | 'fail') {
  const leased = await parties.lease(jobId);
  const settle = () => harness.run((op) => settleVerification(op, { ...leased, response: verdict(kind) }));
  return { settled: await settle(), settle };
}

test('a PASS of a suite that runs code is acted on at once', async () => {
  const { parties, jobId } = await delivered();
  harness.advance(1_234);
  await giveVerdict(parties, jobId, 'pass');
  expect((await parties.read(jobId)).status).toBe('completed');
});

test('a FAIL of a suite that runs code is acted on at the next whole step, and gives the seller all the time back', async () => {
  const { parties, jobId, runId, deadline } = await delivered();
  harness.advance(STEP_MS + 1);
  const { settled, settle } = await giveVerdict(parties, jobId, 'fail');
  expect(settled.settled).toBe(true);
  expect((await parties.read(jobId)).status).toBe('verifying');
  // The worker may say it once more, or die now: the verdict is kept, and nobody judges the delivery again.
  expect(await settle()).toEqual({ settled: false });
  expect((await claim(runId)).kind).toBe('later');
  const name = { kind: 'verification', subject: runId, cycle: 1, attempt: 1 } as const;
  const entry = await findOutbox(harness.deps.db, name);
  harness.advance(STEP_MS - 1);
  expect(entry?.due_at).toEqual(harness.time.now);
  expect((await claim(runId)).kind).toBe('settled');
  const job = await parties.read(jobId);
  expect(job.status).toBe('in_progress');
  expect(job.delivery_deadline).toEqual(new Date(deadline.getTime() + 2 * STEP_MS));
  expect((await claim(runId)).kind).toBe('done');
  expect(await findOutbox(harness.deps.db, name)).toBeUndefined();
});

test('a FAIL on a whole step is acted on at once', async () => {
  const { parties, jobId } = await delivered();
  harness.advance(2 * STEP_MS);
  await giveVerdict(parties, jobId, 'fail');
  expect((await parties.read(jobId)).status).toBe('in_progress');
});

test('a FAIL that is decided counts when the time for verdicts is up before its step', async () => {
  const { parties, jobId } = await delivered();
  harness.advance(24 * HOUR - 1);
  await giveVerdict(parties, jobId, 'fail');
  expect((await parties.read(jobId)).status).toBe('verifying');
  await parties.silence(1);
  expect((await parties.read(jobId)).status).toBe('in_progress');
  expect(await findRun(harness.deps.db, jobId, 1)).toMatchObject({ status: 'fail' });
});
