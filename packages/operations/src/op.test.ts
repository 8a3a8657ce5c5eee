import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Op } from './op.ts';
import { createHarness, type Harness } from './testing/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

const lock = (op: Op, agentId: string) =>
  op.trx.selectFrom('agents').select('agent_id').where('agent_id', '=', agentId).forUpdate().execute();

test('two transactions that wait for each other both succeed in the end', async () => {
  const [a, b] = [await harness.newAgent('a', 0n), await harness.newAgent('b', 0n)];
  let runs = 0;
  const both = Promise.withResolvers<void>();
  const inOrder = (first: string, second: string) =>
    harness.run(async (op) => {
      runs += 1;
      await lock(op, first);
      if (runs === 2) both.resolve();
      await both.promise;
      await lock(op, second);
      return first;
    });
  expect(await Promise.all([inOrder(a, b), inOrder(b, a)])).toEqual([a, b]);
  expect(runs).toBeGreaterThan(2);
});

test.each(['40P01', '40001'])(
  'one that Postgres undoes every time (%s) is refused for now',
  async (state) => {
    let runs = 0;
    const doomed = harness.run(() => {
      runs += 1;
      return Promise.reject(Object.assign(new Error('undone'), { code: state }));
    });
    await expect(doomed).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
    expect(runs).toBe(5);
  },
);

test('any other error is passed on at once, and nothing stays', async () => {
  await harness.newAgent('unchanged', 0n);
  const broken = harness.run(async (op) => {
    await op.trx.updateTable('agents').set({ display_name: 'changed' }).execute();
    throw new Error('broken');
  });
  await expect(broken).rejects.toThrow('broken');
  const names = await harness.deps.db.selectFrom('agents').select('display_name').distinct().execute();
  expect(names.map(({ display_name }) => display_name)).not.toContain('changed');
});
