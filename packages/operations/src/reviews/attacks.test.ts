// Attacks on a score, played by the registry's own operations: what is stored is what the formula says.
import { findAgent } from '@agent-registry/db';
import { beforeAll, expect, test } from '@jest/globals';
import { MAINTENANCE } from '../sweep/maintenance.ts';
import { RULES, useHarness } from '../testing/harness.ts';
import { twoParties } from '../testing/two-parties.ts';

const harness = useHarness();
let seller: string;
beforeAll(async () => {
  seller = await harness.newAgent('cheat', 0n);
});

interface Deals {
  readonly price: bigint;
  readonly rating: number;
  readonly fails?: boolean;
  readonly of?: string;
}

/** Jobs by as many clients, each reviewed, and settled a dispute window later where they failed. */
async function deal(count: number, { price, rating, fails = false, of = seller }: Deals): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const at = await twoParties(harness, { seller: of });
    await at.review(await (fails ? at.failed({ price }) : at.completed({ price })), rating);
  }
  if (!fails) return;
  await (await twoParties(harness, { seller: of })).silence(RULES.disputeWindowMs);
  while ((await harness.run(MAINTENANCE.reputations)) > 0);
}

const stored = (agentId = seller) => findAgent(harness.deps.db, agentId);

test('five Sybils buy a perfect score for 5.00, ten victims bring it to 2.33, and free praise does not lift it', async () => {
  await deal(5, { price: 4_000n, rating: 5 });
  expect(await stored()).toMatchObject({ reputation_seller: 5, attack_cost_seller: 500n });
  await deal(10, { price: 4_000n, rating: 1, fails: true });
  expect(await stored()).toMatchObject({ reputation_seller: 2.33, attack_cost_seller: 500n });
  await deal(15, { price: 4_000n, rating: 4, fails: true });
  expect(await stored()).toMatchObject({ reputation_seller: 2.33, attack_cost_seller: 500n });
});

test('twenty jobs of a cent, which made a perfect score once, make 0.20', async () => {
  const of = await harness.newAgent('miser', 0n);
  await deal(20, { price: 1n, rating: 5, of });
  expect(await stored(of)).toMatchObject({ reputation_seller: 0.2, attack_cost_seller: 20n });
});
