import { expect, test } from '@jest/globals';
import { useHarness } from '../testing/harness.ts';
import { twoParties } from '../testing/two-parties.ts';

const harness = useHarness();

const countRefused = (tried: readonly PromiseSettledResult<unknown>[]) =>
  tried.filter((one) => one.status === 'rejected' && one.reason.code === 'too_many_proposals').length;

test('a client has at most 20 proposals open to one seller, even when all are made at once; one that ends makes room', async () => {
  const at = await twoParties(harness);
  const tried = await Promise.allSettled(Array.from({ length: 24 }, () => at.propose()));
  expect(countRefused(tried)).toBe(4);
  const { value: jobId } = tried.find((one) => one.status === 'fulfilled')!;
  await expect(at.propose()).rejects.toMatchObject({ code: 'too_many_proposals' });
  await at.cancel(jobId, 'client');
  await at.propose();
});

test('what one client proposes keeps no other client from the same seller', async () => {
  const at = await twoParties(harness);
  await Promise.all(Array.from({ length: 20 }, () => at.propose()));
  const other = await twoParties(harness, { seller: at.seller });
  await expect(other.propose()).resolves.toEqual(expect.any(String));
});

test('a client has at most 100 proposals open in all', async () => {
  const at = await twoParties(harness);
  const sellers = await Promise.all(
    Array.from({ length: 6 }, (_, index) => harness.newAgent(`seller ${index}`, 0n)),
  );
  const tried: PromiseSettledResult<string>[] = [];
  for (const seller of sellers) {
    const made = await Promise.allSettled(Array.from({ length: 17 }, () => at.propose({ seller })));
    tried.push(...made);
  }
  expect(tried).toHaveLength(102);
  expect(countRefused(tried)).toBe(2);
});
