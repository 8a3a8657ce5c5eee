import { findAgent } from '@agent-registry/db';
import { expect, test } from '@jest/globals';
import { updateAgent } from '../agents/update-agent.ts';
import { completeJob } from '../jobs/decide-job.ts';
import type { Op } from '../op.ts';
import { operatorDeposit } from '../operators/move-money.ts';
import { runOnceEach, useHarness } from '../testing/harness.ts';
import { type TwoParties, twoParties } from '../testing/two-parties.ts';
import { createReview } from './create-review.ts';

const CLIENTS = 12;
const harness = useHarness();

/** Clients of one seller, each with a job that was delivered. */
async function clientsOfOneSeller(): Promise<{ at: TwoParties; jobId: string }[]> {
  const seller = await harness.newAgent('seller', 100_000n);
  const jobs: { at: TwoParties; jobId: string }[] = [];
  for (let n = 0; n < CLIENTS; n += 1) {
    const at = await twoParties(harness, { seller });
    const jobId = await at.delivered();
    jobs.push({ at, jobId });
  }
  return jobs;
}

/** Runs all at once, each of which must succeed, and at the first try. */
async function succeedOnceEach(works: readonly ((op: Op) => Promise<unknown>)[]): Promise<void> {
  const settled = await runOnceEach(harness, works);
  expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
}

const complete =
  ({ at, jobId }: { at: TwoParties; jobId: string }) =>
  (op: Op) =>
    completeJob(op, { jobId, actorId: at.client });
const review = (jobId: string, actorId: string) => (op: Op) =>
  createReview(op, { jobId, actorId, rating: 4, tags: [], comment: null });

test('many who review one seller at once do not wait for each other in a circle', async () => {
  const jobs = await clientsOfOneSeller();
  for (const job of jobs) await harness.run(complete(job));
  const seller = jobs[0]!.at.seller;
  await succeedOnceEach(jobs.flatMap(({ at, jobId }) => [review(jobId, at.client), review(jobId, seller)]));
  expect(await findAgent(harness.deps.db, seller)).toMatchObject({ reviews_as_seller: CLIENTS });
});

test('a review that began before another and is written after it counts both', async () => {
  const [first, second] = await clientsOfOneSeller();
  for (const job of [first!, second!]) await harness.run(complete(job));
  const began = harness.time.now;
  harness.time.now = new Date(began.getTime() + 50);
  await harness.run(review(first!.jobId, first!.at.client));
  harness.time.now = began;
  await harness.run(review(second!.jobId, second!.at.client));
  expect(await findAgent(harness.deps.db, first!.at.seller)).toMatchObject({
    reviews_as_seller: 2,
    reputation_as_of: new Date(began.getTime() + 50),
  });
});

test('completions, deposits, and changes of one seller do not wait for each other in a circle', async () => {
  const jobs = await clientsOfOneSeller();
  const seller = jobs[0]!.at.seller;
  await succeedOnceEach(
    jobs.flatMap((job, n) => [
      complete(job),
      (op: Op) => updateAgent(op, { agentId: seller, displayName: `Seller ${n}` }),
      (op: Op) => operatorDeposit(op, { agentId: seller, amount: 1n, reference: `${seller}-${n}` }),
    ]),
  );
  await jobs[0]!.at.purses();
});
