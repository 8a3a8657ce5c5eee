import { findLastLeaf, listLeavesAbout } from '@agent-registry/db';
import { generateKeyPair } from '@agent-registry/signing';
import { expect, test } from '@jest/globals';
import { commit } from '../commit.ts';
import { HOUR, RULES, useHarness } from '../testing/harness.ts';
import { keepLog } from './keep-log.ts';

const signer = { origin: 'registry.example/log', seeds: [generateKeyPair().privateKey] };
const harness = useHarness();

const keep = (fullFees: bigint) => {
  const rules = { ...RULES, reputation: { ...RULES.reputation, fullFees } };
  return commit({ ...harness.deps, rules }, (op) => keepLog(op, signer));
};
const countPolicies = async () => (await listLeavesAbout(harness.deps.db, 'policy', '', 100)).length;

test('a policy that is changed after the clock was set back is in the log once', async () => {
  await keep(500n);
  harness.advance(-HOUR);
  for (const _ of [1, 2, 3]) await keep(700n);
  expect(await countPolicies()).toBe(2);
  expect(JSON.parse((await findLastLeaf(harness.deps.db, 'policy'))!.leaf.toString())).toMatchObject({
    full_fees: '7.00',
  });
});

test('a policy that came back from the anchor is of a registry that was lost: the one in force is said again', async () => {
  const { db } = harness.deps;
  const before = await countPolicies();
  const last = (await findLastLeaf(db, 'policy'))!;
  await db.deleteFrom('log_leaves').where('leaf_id', '=', last.leaf_id).execute();
  const { leaf_id, kind, leaf, created_at } = last;
  const lost = { leaf_id, kind, leaf, created_at, job_id: null, subject: `!lost:${leaf_id}` };
  await db.insertInto('log_leaves').values(lost).execute();
  await keep(700n);
  expect(await countPolicies()).toBe(before + 1);
});
