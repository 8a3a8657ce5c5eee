import { beforeEach, describe, expect, test } from '@jest/globals';
import { DAY, HOUR, useHarness, verdict } from '../testing/harness.ts';
import { type TwoParties, twoParties } from '../testing/two-parties.ts';
import { actOnTimer } from './act-on-timer.ts';
import { settleVerification } from './settle-verification.ts';
import { claimRun, recordRunError, releaseRun } from './verify-run.ts';

const harness = useHarness();
let at: TwoParties;
beforeEach(async () => {
  at = await twoParties(harness);
});

describe('the clock', () => {
  test('the clock stops at delivery: on FAIL the deadline moves by the time the verdict took', async () => {
    const jobId = await at.delivered({ criteria: true, deadlineDays: 2 });
    const before = (await at.read(jobId)).delivery_deadline!;
    await at.silence(20 * HOUR);
    await at.recordVerdict(jobId, 'fail');
    expect((await at.read(jobId)).delivery_deadline!.getTime() - before.getTime()).toBe(20 * HOUR);
  });

  test('an outage of the test-runner is never a FAIL, and costs the seller no time', async () => {
    const jobId = await at.delivered({ criteria: true, deadlineDays: 1 });
    for (let hour = 0; hour < 23; hour += 1) {
      const leased = await at.lease(jobId);
      await harness.run((op) => recordRunError(op, { ...leased, isRetried: true, canaryPassed: false }));
      await at.silence(HOUR);
    }
    expect(await at.read(jobId)).toMatchObject({ status: 'verifying' });
    await at.silence(2 * HOUR);
    expect(await at.read(jobId)).toMatchObject({ status: 'disputed', outcome: 'verification_unavailable' });
  });

  test('a run given back, or whose worker died, is taken over when its lease is out; the late verdict changes nothing', async () => {
    const jobId = await at.delivered({ criteria: true });
    const first = await at.lease(jobId);
    expect(await harness.run((op) => claimRun(op, { runId: first.runId }))).toEqual({ kind: 'busy' });
    harness.advance(391_000);
    const second = await at.lease(jobId);
    const late = await harness.run((op) => settleVerification(op, { ...first, response: verdict('fail') }));
    expect(late).toEqual({ settled: false });
    await harness.run((op) => releaseRun(op, { ...second, isRetried: true }));
    expect(await at.lease(jobId)).toMatchObject({ runId: first.runId });
  });

  test('the seller is warned once an hour before the deadline, and again when the deadline has moved', async () => {
    const jobId = await at.working({ criteria: true, deadlineDays: 2 });
    await at.silence(2 * DAY - HOUR + 1);
    const warnings = () =>
      harness.deps.db
        .selectFrom('events')
        .select('body')
        .where('job_id', '=', jobId)
        .where('type', '=', 'job.deadline_warning')
        .execute();
    expect(await warnings()).toHaveLength(1);
    await at.deliver(jobId);
    await at.silence(10 * HOUR);
    await at.recordVerdict(jobId, 'fail');
    await at.silence(30 * 60_000);
    expect(await warnings()).toHaveLength(2);
  });

  test('a task that comes long before its deadline leads to no other before its last hour, which the sweep sees to', async () => {
    const jobId = await at.working({ deadlineDays: 100 });
    const before = await harness.deps.db
      .selectFrom('outbox')
      .select('generation')
      .where('subject', '=', `${jobId}:delivery_deadline`)
      .executeTakeFirstOrThrow();
    harness.advance(29 * DAY);
    const came = await harness.run(async (op) => {
      const result = await actOnTimer(op, { jobId, timer: 'delivery_deadline' });
      return { result, due: op.outbox.due };
    });
    expect(came).toEqual({ result: 'early', due: [] });
    const after = await harness.deps.db
      .selectFrom('outbox')
      .select('generation')
      .where('subject', '=', `${jobId}:delivery_deadline`)
      .executeTakeFirstOrThrow();
    expect(after.generation).toBe(before.generation + 1);
  });
});
