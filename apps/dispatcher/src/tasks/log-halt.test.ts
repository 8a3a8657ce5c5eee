import { anchorName, type Batch, decodeBatch, openAnchor } from '@agent-registry/anchor';
import { findPublishedCheckpoint, listCheckpoints } from '@agent-registry/db';
import { decodeLeaf, openCheckpoint } from '@agent-registry/log';
import { commit, findLogHalt, recoverLog } from '@agent-registry/operations';
import { beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startedJob } from '../testing/jobs.ts';
import { ORIGIN, useLogRegistry, VERIFIERS } from '../testing/log-registry.ts';

const HOUR = 3_600_000;
const { registry, anchor } = useLogRegistry();

beforeEach(() => {
  registry.tasks.mode = 'lose'; // Tasks are dispatched by the tests alone.
});

/** As a backup would have it from when the log had so many leaves. */
async function setBack(size: number): Promise<void> {
  const { db } = registry.database;
  await sql`DELETE FROM log_published WHERE size > ${size}`.execute(db);
  await sql`DELETE FROM log_checkpoints WHERE size > ${size}`.execute(db);
  await sql`DELETE FROM log_leaves WHERE log_index >= ${size}`.execute(db);
}

async function ready() {
  const response = await fetch(`${registry.first.url}/ready`);
  return { code: response.status, ...((await response.json()) as { checks: Record<string, unknown> }) };
}

async function grow(): Promise<number> {
  registry.clock.advance(HOUR);
  await startedJob(registry);
  await registry.sweep();
  return Number((await findPublishedCheckpoint(registry.database.db))!.size);
}

/** What `npm run log:recover` does, with what the anchor has from there on. */
async function recover(from: number) {
  const batches: Batch[] = [];
  for (let at = from; ; at += batches.at(-1)!.leaves.length) {
    const bytes = await openAnchor(anchor()).read(anchorName(at));
    if (bytes === null) break;
    batches.push(decodeBatch(bytes));
  }
  const owner = { ...registry.deps, db: registry.database.db };
  return (
    await commit(owner, (op) => recoverLog(op, { origin: ORIGIN, verifiers: VERIFIERS, from, batches }))
  ).value;
}

test('a restored backup halts the log and not the market: /ready and the alert say so, and recovery makes it one log again', async () => {
  const backup = await grow();
  const lost = await grow();
  const signed = (await findPublishedCheckpoint(registry.database.db))!;
  await setBack(backup);
  await registry.sweep();

  const halted = { reason: expect.stringContaining(`beyond index ${backup}`), since: expect.any(String) };
  expect(await ready()).toMatchObject({ code: 200, checks: { log: { ready: true, halted } } });
  // By this line the alert of the deployment is raised.
  expect(registry.first.lines).toContainEqual(expect.objectContaining({ log_halted: true }));
  const job = await startedJob(registry);
  await job.deliver();
  expect(await job.status()).toBe('delivered');
  await registry.sweep();
  expect(Number((await findPublishedCheckpoint(registry.database.db))!.size)).toBe(backup);

  expect(await recover(backup)).toEqual({ size: lost, recovered: lost - backup });
  expect((await ready()).checks).toMatchObject({ log: { ready: true } });
  expect((await ready()).checks.log).not.toHaveProperty('halted');
  await registry.sweep();
  const now = (await findPublishedCheckpoint(registry.database.db))!;
  expect(Number(now.size)).toBeGreaterThan(lost);
  const checkpoints = await listCheckpoints(registry.database.db);
  expect(checkpoints.find(({ size }) => size === signed.size)).toMatchObject({ note: signed.note });
});

test('a backup from before the log began gets the whole log back from its anchor, and begins no second one', async () => {
  await grow();
  const lost = await grow();
  await setBack(0);
  await registry.sweep();
  expect(await findLogHalt(registry.database.db)).toMatchObject({
    reason: expect.stringContaining('beyond index 0'),
  });
  expect(await recover(0)).toEqual({ size: lost, recovered: lost });
  registry.clock.advance(HOUR);
  await registry.sweep();
  const rows = await registry.database.db.selectFrom('log_leaves').selectAll().orderBy('log_index').execute();
  const kinds = rows.map(({ leaf }) => decodeLeaf(leaf.toString()).kind);
  expect(kinds.filter((kind) => kind === 'genesis')).toHaveLength(1);
  expect([kinds[0], kinds.includes('restored')]).toEqual(['genesis', true]);
  const { size, root } = openCheckpoint(
    (await findPublishedCheckpoint(registry.database.db))!.note,
    ORIGIN,
    VERIFIERS,
  );
  expect(size).toBe(rows.length);
  expect(root).toEqual((await findPublishedCheckpoint(registry.database.db))!.root);
  expect((await ready()).checks).toMatchObject({ log: { ready: true } });
});

test('an empty database with an empty anchor has nothing to recover', async () => {
  expect(await recover(0)).toEqual({ size: 0, recovered: 0 });
  await registry.sweep();
  expect(await findLogHalt(registry.database.db)).toBeNull();
});
