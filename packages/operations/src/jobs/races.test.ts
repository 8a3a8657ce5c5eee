import { findJob, findLedgerFaults } from '@agent-registry/db';
import { type JobStatus, type JobTimer, RegistryError } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import { DAY, HOUR, useHarness, verdict } from '../testing/harness.ts';
import { type Terms, type TwoParties, twoParties } from '../testing/two-parties.ts';
import { actOnTimer } from './act-on-timer.ts';
import { settleVerification } from './settle-verification.ts';
import { startJob } from './start-job.ts';
import { claimRun } from './verify-run.ts';

const ROUNDS = 12;
const harness = useHarness();

interface Scene extends TwoParties {
  readonly jobId: string;
}
type Stage = 'proposed' | 'agreed' | 'funded' | 'in_progress' | 'delivered' | 'failed';
const ORDER: readonly Stage[] = ['proposed', 'agreed', 'funded', 'in_progress', 'delivered', 'failed'];

/** A fresh job of two fresh agents, brought to a stage. */
async function scene(stage: Stage, terms: Terms = {}): Promise<Scene> {
  const at = await twoParties(harness);
  const jobId = await at.propose(terms);
  const steps = [
    () => at.accept(jobId),
    () => at.fund(jobId),
    () => harness.run((op) => startJob(op, { jobId, actorId: at.seller })),
    () => at.deliver(jobId),
    () => at.fail(jobId),
  ];
  for (const step of steps.slice(0, ORDER.indexOf(stage))) await step();
  return { ...at, jobId };
}

/** Runs both at once, in either order of start, and says which of them had their way. */
async function race(
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
  swap: boolean,
): Promise<[boolean, boolean]> {
  const starts = swap ? [second, first] : [first, second];
  const settled = await Promise.allSettled(starts.map((start) => start()));
  for (const result of settled) {
    if (result.status === 'rejected' && !(result.reason instanceof RegistryError)) throw result.reason;
  }
  const won = settled.map(
    (result) => result.status === 'fulfilled' && result.value !== 'nothing' && result.value !== 'early',
  );
  return (swap ? won.reverse() : won) as [boolean, boolean];
}

const ring = (jobId: string, timer: JobTimer) => () => harness.run((op) => actOnTimer(op, { jobId, timer }));

async function assertEnd(jobId: string, statuses: readonly JobStatus[]): Promise<JobStatus> {
  const job = await findJob(harness.deps.db, jobId);
  expect(statuses).toContain(job?.status);
  expect(await findLedgerFaults(harness.deps.db)).toEqual([]);
  return job!.status;
}

/** Runs a race many times and expects one winner each time. */
async function oneWinner(
  prepare: () => Promise<{ scene: Scene; first: () => Promise<unknown>; second: () => Promise<unknown> }>,
  ends: readonly [JobStatus, JobStatus],
): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { scene: at, first, second } = await prepare();
    const [firstWon, secondWon] = await race(first, second, round % 2 === 1);
    expect([firstWon, secondWon].filter(Boolean)).toHaveLength(1);
    expect(await assertEnd(at.jobId, ends)).toBe(firstWon ? ends[0] : ends[1]);
  }
}

test('of two accepts of one offer at once, one wins', () =>
  oneWinner(async () => {
    const at = await scene('proposed');
    const accept = () => at.accept(at.jobId);
    return { scene: at, first: accept, second: accept };
  }, ['agreed', 'agreed']));

test('of accept and cancel at once the job is cancelled, or agreed and then cancelled', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene('proposed');
    await race(
      () => at.accept(at.jobId),
      () => at.cancel(at.jobId, 'client'),
      round % 2 === 1,
    );
    await assertEnd(at.jobId, ['cancelled']);
  }
});

test('fund against fund: the price is held once', async () => {
  await oneWinner(async () => {
    const at = await scene('agreed');
    const fund = () => at.fund(at.jobId);
    return { scene: at, first: fund, second: fund };
  }, ['funded', 'funded']);
});

test('funds of twenty jobs against a balance that covers ten: ten funded, nobody overdrawn', async () => {
  const at = await twoParties(harness);
  const jobs = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const jobId = await at.propose();
      await at.accept(jobId);
      return jobId;
    }),
  );
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) => at.fund(jobs[index % 20]!)),
  );
  const refusals = results.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
  expect(refusals).toHaveLength(90);
  expect(new Set(refusals)).toEqual(new Set(['insufficient_funds', 'invalid_state']));
  expect(await findLedgerFaults(harness.deps.db)).toEqual([]);
});

test('fund against the funding window', () =>
  oneWinner(async () => {
    const at = await scene('agreed');
    const fund = () => at.fund(at.jobId);
    const close = async () => {
      harness.advance(73 * HOUR);
      return ring(at.jobId, 'funding_window')();
    };
    return { scene: at, first: fund, second: close };
  }, ['funded', 'cancelled']));

test('deliver against the deadline', () =>
  oneWinner(async () => {
    const at = await scene('in_progress');
    const deliver = () => at.deliver(at.jobId);
    const end = async () => {
      harness.advance(11 * DAY);
      return ring(at.jobId, 'delivery_deadline')();
    };
    return { scene: at, first: deliver, second: end };
  }, ['delivered', 'failed']));

test('abort against the verdict: what is delivered is judged, nobody can run from it', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene('delivered', { criteria: true });
    const leased = await at.lease(at.jobId);
    const settle = () =>
      harness.run((op) => settleVerification(op, { ...leased, response: verdict('pass') }));
    const abort = () => at.abort(at.jobId, 'client');
    expect(await race(abort, settle, round % 2 === 1)).toEqual([false, true]);
    await assertEnd(at.jobId, ['completed']);
  }
});

test('two workers settle one run: it pays once', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene('delivered', { criteria: true });
    const runId = await at.runOf(at.jobId);
    const claims = await Promise.all([1, 2].map(() => harness.run((op) => claimRun(op, { runId }))));
    expect(claims.map((claim) => claim.kind).sort()).toEqual(['busy', 'claimed']);
    const claim = claims.find((one) => one.kind === 'claimed')!;
    const settle = () =>
      harness.run((op) => settleVerification(op, { runId, token: claim.token, response: verdict('pass') }));
    const settled = await Promise.all([settle(), settle()]);
    expect(settled.filter((one) => one.settled)).toHaveLength(1);
    await assertEnd(at.jobId, ['completed']);
  }
});

test('complete against the end of the review window: the seller is paid once', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene('delivered');
    const complete = () => at.complete(at.jobId);
    const end = async () => {
      harness.advance(73 * HOUR);
      return ring(at.jobId, 'review_window')();
    };
    const won = await race(complete, end, round % 2 === 1);
    expect(won.filter(Boolean)).toHaveLength(1);
    await assertEnd(at.jobId, ['completed']);
  }
});

test('dispute against the settlement of a failed job', () =>
  oneWinner(async () => {
    const at = await scene('failed');
    const dispute = () => at.dispute(at.jobId);
    const settle = async () => {
      harness.advance(73 * HOUR);
      return ring(at.jobId, 'dispute_window')();
    };
    return { scene: at, first: dispute, second: settle };
  }, ['disputed', 'failed']));

test('two reviews by one party: one stands', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = await scene('failed');
    const review = () => at.review(at.jobId, 5);
    expect((await race(review, review, false)).filter(Boolean)).toHaveLength(1);
  }
});
