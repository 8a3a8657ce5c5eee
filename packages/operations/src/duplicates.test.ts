import { countLedger } from '@agent-registry/db';
import { RegistryError } from '@agent-registry/schemas';
import { beforeAll, expect, test } from '@jest/globals';
import { createListing } from './listings/create-listing.ts';
import { depositCredits } from './money/deposit-credits.ts';
import type { Op } from './op.ts';
import { createReview } from './reviews/create-review.ts';
import { useHarness } from './testing/harness.ts';
import { twoParties } from './testing/two-parties.ts';

const harness = useHarness();
let works: Record<string, (op: Op) => Promise<unknown>>;
beforeAll(async () => {
  const at = await twoParties(harness);
  const jobId = await at.completed();
  works = {
    duplicate_review: (op) =>
      createReview(op, { jobId, actorId: at.client, rating: 4, tags: [], comment: null }),
    duplicate_listing: (op) =>
      createListing(op, {
        sellerId: at.seller,
        skillId: 'translate',
        terms: { base_price: 100n },
      }),
    duplicate_reference: (op) =>
      depositCredits(op, { agentId: at.client, amount: 100n, reference: 'paid-once' }),
  };
});

test.each(['duplicate_review', 'duplicate_listing', 'duplicate_reference'])(
  '%s is a refusal that is no error to Postgres: its log stays quiet, and the transaction usable',
  async (code) => {
    const work = works[code]!;
    await harness.run(work);
    const before = await countLedger(harness.deps.db);
    const again = harness.run(async (op) => {
      const refusal: unknown = await work(op).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(RegistryError);
      await countLedger(op.trx); // Fails in a transaction that Postgres has aborted.
      throw refusal;
    });
    await expect(again).rejects.toMatchObject({ code });
    expect(await countLedger(harness.deps.db)).toEqual(before);
  },
);
