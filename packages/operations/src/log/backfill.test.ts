import { findJob, listLeavesOfJob } from '@agent-registry/db';
import { decodeLeaf } from '@agent-registry/log';
import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { DAY, HOUR, useHarness } from '../testing/harness.ts';
import { twoParties } from '../testing/two-parties.ts';
import { backfillLog } from './backfill.ts';

const CALLS_MAX = 20;

const harness = useHarness();

test('what was settled before the log began is logged with its own time, and a job that ended unfunded leaves nothing', async () => {
  const { db } = harness.deps;
  const parties = await twoParties(harness);
  const paid = await parties.delivered({ criteria: true });
  await parties.recordVerdict(paid, 'pass');
  const unfunded = await parties.propose();
  await parties.accept(unfunded);
  await parties.silence(4 * DAY);
  const ended = (await findJob(db, unfunded))!;
  expect([ended.status, ended.funded_at]).toEqual(['cancelled', null]);
  expect(ended.settled_at).not.toBeNull();
  // As older code left the database.
  await sql`TRUNCATE log_leaves CASCADE`.execute(db);

  for (let call = 0; call < CALLS_MAX && (await harness.run(backfillLog)) > 0; call += 1);
  harness.advance(2 * HOUR);
  for (let call = 0; call < CALLS_MAX && (await harness.run(backfillLog)) > 0; call += 1);

  const leaves = (await listLeavesOfJob(db, paid)).map(({ leaf }) => decodeLeaf(leaf.toString()));
  const settledAt = (await findJob(db, paid))!.settled_at!.toISOString();
  expect(leaves).toEqual([
    expect.objectContaining({ kind: 'settlement', job: paid, time: settledAt, backfilled: true }),
  ]);
  expect(await listLeavesOfJob(db, unfunded)).toEqual([]);
});
