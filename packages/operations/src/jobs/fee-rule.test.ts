import { findLedgerFaults } from '@agent-registry/db';
import { expect, test } from '@jest/globals';
import { useHarness } from '../testing/harness.ts';
import { type TwoParties, twoParties } from '../testing/two-parties.ts';
import { completeJob, disputeJob, failJob } from './decide-job.ts';
import { resolveDispute } from './resolve-dispute.ts';

const DUST = 20n;
const harness = useHarness();

async function completed(at: TwoParties, price: bigint, agreedBy: 'this code' | 'older code') {
  const jobId = await at.propose({ price });
  await at.accept(jobId);
  if (agreedBy === 'older code') {
    await harness.deps.db
      .updateTable('jobs')
      .set({ fee_rule: 'half_even' })
      .where('job_id', '=', jobId)
      .execute();
  }
  await at.work(jobId);
  await at.deliver(jobId);
  return harness.run((op) => completeJob(op, { jobId, actorId: at.client }));
}

test('a job of 0.20 pays a fee of 0.01, so dust is never free', async () => {
  const at = await twoParties(harness);
  await completed(at, DUST, 'this code');
  expect(await at.purses()).toEqual({ client: -DUST, seller: DUST - 1n });
});

test('a job that was agreed when fees were rounded half to even keeps that fee', async () => {
  const at = await twoParties(harness);
  await completed(at, DUST, 'older code');
  expect(await at.purses()).toEqual({ client: -DUST, seller: DUST });
});

test('a split pays its fee, rounded up, though it is all that the seller earns', async () => {
  const at = await twoParties(harness);
  const jobId = await at.propose({ price: DUST });
  await at.accept(jobId);
  await at.work(jobId);
  await at.deliver(jobId);
  await harness.run((op) => failJob(op, { jobId, actorId: at.client, reason: null }));
  await harness.run((op) => disputeJob(op, { jobId, actorId: at.seller, reason: null }));
  const shares = { clientShare: DUST - 1n, sellerShare: 1n };
  await harness.run((op) => resolveDispute(op, { jobId, ...shares, note: 'one cent of work' }));
  expect(await at.purses()).toEqual({ client: -1n, seller: 0n });
  expect(await findLedgerFaults(harness.deps.db)).toEqual([]);
});
