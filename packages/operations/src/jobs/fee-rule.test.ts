import { expect, test } from '@jest/globals';
import { useHarness } from '../testing/harness.ts';
import { twoParties } from '../testing/two-parties.ts';
import { resolveDispute } from './resolve-dispute.ts';

const DUST = 20n;
const harness = useHarness();

test('a job of 0.20 pays a fee of 0.01, so dust is never free', async () => {
  const at = await twoParties(harness);
  await at.completed({ price: DUST });
  expect(await at.purses()).toEqual({ client: -DUST, seller: DUST - 1n });
});

test('a job that was agreed when fees were rounded half to even keeps that fee', async () => {
  const at = await twoParties(harness);
  const jobId = await at.propose({ price: DUST });
  await at.accept(jobId);
  const { db } = harness.deps;
  await db.updateTable('jobs').set({ fee_rule: 'half_even' }).where('job_id', '=', jobId).execute();
  await at.work(jobId);
  await at.deliver(jobId);
  await at.complete(jobId);
  expect(await at.purses()).toEqual({ client: -DUST, seller: DUST });
});

test('a split pays its fee, rounded up, though it is all that the seller earns', async () => {
  const at = await twoParties(harness);
  const jobId = await at.failed({ price: DUST });
  await at.dispute(jobId);
  const shares = { clientShare: DUST - 1n, sellerShare: 1n };
  await harness.run((op) => resolveDispute(op, { jobId, ...shares, note: 'one cent of work' }));
  expect(await at.purses()).toEqual({ client: -1n, seller: 0n });
});
