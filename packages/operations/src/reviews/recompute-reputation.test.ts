import { findAgent } from '@agent-registry/db';
import { describe, expect, test } from '@jest/globals';
import { resolveDispute } from '../jobs/resolve-dispute.ts';
import { MAINTENANCE } from '../sweep/maintenance.ts';
import { DAY, RULES, useHarness } from '../testing/harness.ts';
import { BOND, PRICE, type TwoParties, twoParties } from '../testing/two-parties.ts';

const harness = useHarness();

/** A seller with three clients, who paid 2.50 in fees each. */
async function paidSeller(): Promise<TwoParties> {
  const seller = await harness.newAgent('seller', 100_000n);
  const clients: TwoParties[] = [];
  for (let n = 0; n < 3; n += 1) {
    const at = await twoParties(harness, { seller });
    await at.review(await at.completed(), 5);
    clients.push(at);
  }
  return clients[0]!;
}
const standing = async (agentId: string) => (await findAgent(harness.deps.db, agentId))!;
const scoreOf = async (agentId: string) => (await standing(agentId)).reputation_seller;
const sweep = () => harness.run(MAINTENANCE.reputations);

describe('a standing', () => {
  test('a standing is that of the fees which the reviewed jobs paid', async () => {
    const { seller } = await paidSeller();
    expect(await standing(seller)).toMatchObject({
      reputation_seller: 3,
      attack_cost_seller: 600n,
      counterparties: 3,
      scored_by: '2:500:5',
    });
  });

  test('a standing changes when a failed job that was reviewed is settled, by the next sweep', async () => {
    const at = await paidSeller();
    await at.review(await at.failed(), 1);
    expect(await scoreOf(at.seller)).toBe(3);
    expect(await sweep()).toBe(0);
    await at.silence(RULES.disputeWindowMs);
    expect(await sweep()).toBe(1);
    // Three times 1.00 at 5 and once at 1, of which the three were paid: 4 × 3/5.
    expect(await standing(at.seller)).toMatchObject({ reputation_seller: 2.4, attack_cost_seller: 600n });
    expect(await sweep()).toBe(0);
  });

  test('a standing does not suffer of a dispute that nobody resolves, and does of one that is resolved for the client', async () => {
    const at = await paidSeller();
    const jobs = [await at.failed(), await at.failed()];
    for (const jobId of jobs) {
      await at.review(jobId, 1);
      await at.dispute(jobId, 'client');
    }
    const resolution = { jobId: jobs[0]!, clientShare: PRICE + BOND, sellerShare: 0n, note: 'not done' };
    await harness.run((op) => resolveDispute(op, resolution));
    await sweep();
    expect(await scoreOf(at.seller)).toBe(2.4);
    await at.silence(RULES.disputeResolutionMs);
    await sweep();
    expect(await scoreOf(at.seller)).toBe(2.4);
  });

  test('a standing does not change by a review of a job that paid nothing by nobody’s fault', async () => {
    const at = await paidSeller();
    const jobId = await at.failed();
    await at.review(jobId, 4);
    await at.review(jobId, 1, 'seller');
    await at.silence(RULES.disputeWindowMs);
    await sweep();
    expect(await scoreOf(at.seller)).toBe(3);
  });

  test('a client’s standing is spared by its own abort, which cannot be reviewed', async () => {
    const at = await paidSeller();
    const jobId = await at.working();
    await at.abort(jobId, 'client');
    await expect(at.review(jobId, 1, 'seller')).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

describe('the sweep', () => {
  test('the sweep computes anew what older code has scored, the weights of its reviews included', async () => {
    const { seller } = await paidSeller();
    const { db } = harness.deps;
    await db.updateTable('reviews').set({ weighs: null }).where('reviewee_agent_id', '=', seller).execute();
    const older = { reputation_seller: 0.75, reputation_as_of: new Date(harness.time.now.getTime() + 1) };
    await db.updateTable('agents').set(older).where('agent_id', '=', seller).execute();
    harness.advance(2);
    expect(await sweep()).toBe(1);
    expect(await scoreOf(seller)).toBe(3);
    expect(await sweep()).toBe(0);
  });

  test('the sweep computes anew every score of another formula, and none twice', async () => {
    const { seller } = await paidSeller();
    const free = { ...harness.deps.rules, reputation: { fullFees: 0n, counterparties: 5 } };
    const rules = harness.deps.rules;
    Object.assign(harness.deps, { rules: free });
    let swept = 0;
    for (let count = await sweep(); count > 0; count = await sweep()) swept += count;
    expect(swept).toBeGreaterThan(1);
    expect(await standing(seller)).toMatchObject({
      reputation_seller: 0.75,
      attack_cost_seller: 0n,
      scored_by: '1',
    });
    Object.assign(harness.deps, { rules });
    while ((await sweep()) > 0);
    expect(await scoreOf(seller)).toBe(3);
  });

  test('the sweep computes a standing anew when a review has grown older by a month', async () => {
    const at = await paidSeller();
    harness.advance(31 * DAY);
    expect(await sweep()).toBeGreaterThan(0);
    await at.review(await at.completed(), 1);
    // The client's newest review takes its part: 1 × 4 and twice 5 × 3, of 10.
    expect(await scoreOf(at.seller)).toBe(2.04);
  });
});
