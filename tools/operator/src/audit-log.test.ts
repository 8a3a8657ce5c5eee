import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anchorName, encodeBatch, openAnchor } from '@agent-registry/anchor';
import { type Db, findNewestCheckpoint, listCheckpoints, listSequencedLeaves } from '@agent-registry/db';
import type { TestDatabase } from '@agent-registry/db/testing';
import { vkeyOf } from '@agent-registry/log';
import { findLogHalt } from '@agent-registry/operations';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { findLogFaults } from './audit-log.ts';
import { findLoss, recover } from './log-recover.ts';
import { ORIGIN, openMarket, type PlayedMarket, SEED } from './testing/played-market.ts';

let market: PlayedMarket;
let database: TestDatabase;
let superuser: Db;
let anchor: string;
const sequence = () => market.sequence();

/** Puts every checkpoint into the anchor, as the dispatcher does. */
async function anchorAll(db: Db): Promise<void> {
  for (const { previous_size: from, size, note } of await listCheckpoints(db)) {
    const rows = await listSequencedLeaves(db, Number(from), Number(size));
    const bytes = encodeBatch({ leaves: rows.map(({ leaf }) => leaf), note });
    await openAnchor(anchor).putIfAbsent(anchorName(Number(from)), bytes);
  }
}

beforeAll(async () => {
  market = await openMarket();
  ({ database, superuser } = market);
  anchor = await mkdtemp(join(tmpdir(), 'anchor-'));
  for (let job = 0; job < 2; job += 1) {
    await market.wholeJob();
    await sequence();
  }
});
afterAll(async () => {
  await market[Symbol.asyncDispose]();
  await rm(anchor, { recursive: true, force: true });
});

test('the audit finds nothing wrong with a log that nobody touched', async () => {
  expect(await findLogFaults(database.db)).toEqual([]);
});

/** What somebody with the database in hand may change, each so that no constraint notices. */
const FLIPS = [
  'UPDATE log_leaves SET leaf = set_byte(leaf, $n % octet_length(leaf), get_byte(leaf, $n % octet_length(leaf)) # 1) WHERE log_index = $n % 15',
  'UPDATE log_leaves SET log_index = NULL WHERE log_index = $n % 15',
  "DELETE FROM log_leaves WHERE kind IN ('settlement', 'review', 'terms', 'escrow_held') AND log_index = (SELECT max(log_index) FROM log_leaves WHERE kind <> 'totals')",
  'UPDATE log_checkpoints SET root = set_byte(root, $n % 32, get_byte(root, $n % 32) # 1) WHERE size = (SELECT max(size) FROM log_checkpoints)',
  "UPDATE log_checkpoints SET note = overlay(note placing 'x' from 1 + $n % (length(note) - 1)) WHERE substr(note, 1 + $n % (length(note) - 1), 1) <> 'x'",
  'UPDATE postings SET amount = amount * 2 WHERE transfer_id = (SELECT transfer_id FROM postings ORDER BY posting_id DESC OFFSET $n % 6 LIMIT 1)',
  'UPDATE reviews SET rating = 1 + rating % 5',
  "UPDATE reviews SET comment = comment || '.'",
  'UPDATE job_salts SET salt = set_byte(salt, $n % 32, get_byte(salt, $n % 32) # 1)',
  'UPDATE jobs SET price = price + 1',
  "UPDATE jobs SET outcome = 'review_window_over'",
  "UPDATE jobs SET resolved_by = 'agreement'",
  "UPDATE jobs SET result = ('[' || result || ']')::json WHERE result IS NOT NULL",
  "UPDATE jobs SET delivered_at = delivered_at - interval '1 second'",
  'UPDATE jobs SET requirements = \'{"n":2}\'',
] as const;

test.each(FLIPS)('the audit finds what was changed by: %s', async (flip) => {
  for (const n of [3, 7, 12]) {
    const undone = superuser.transaction().execute(async (trx) => {
      await sql`SET LOCAL session_replication_role = replica`.execute(trx); // no trigger notices
      await sql.raw(flip.replaceAll('$n', String(n))).execute(trx);
      expect([flip, n, (await findLogFaults(trx)).length > 0]).toEqual([flip, n, true]);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
  }
});

test('a database that was set back gets its lost leaves again at their old places, and the log goes on as one', async () => {
  await anchorAll(database.db);
  const before = (await listCheckpoints(database.db)).length;
  const newest = (await findNewestCheckpoint(database.db))!;
  // As a backup from between the two checkpoints would have it.
  await database.db.deleteFrom('log_checkpoints').where('size', '=', newest.size).execute();
  await database.db.deleteFrom('log_leaves').where('log_index', '>=', newest.previous_size).execute();
  // Nobody looked, and it was signed again: that checkpoint was never published.
  await sequence();
  const loss = await findLoss(database.db, anchor);
  expect([loss.from, loss.batches.length]).toEqual([Number(newest.previous_size), 1]);
  const { size } = await recover(database.db, { origin: ORIGIN, vkeys: [vkeyOf(ORIGIN, SEED)], loss });
  expect(size).toBe(Number(newest.size));
  const checkpoints = await listCheckpoints(database.db);
  expect(checkpoints).toHaveLength(before);
  expect(checkpoints.at(-1)).toMatchObject({ size: newest.size, note: newest.note });
  await sequence();
  await anchorAll(database.db);
  expect((await findLoss(database.db, anchor)).batches).toEqual([]);
  expect(await findLogHalt(database.db)).toBeNull();
  const rules = new Set((await findLogFaults(database.db)).map(({ rule }) => rule));
  // The ledger here lost nothing but its leaves.
  expect([...rules].every((rule) => /is in the log|is there/.test(rule))).toBe(true);
  const { leaf } = await database.db
    .selectFrom('log_leaves')
    .select('leaf')
    .where('kind', '=', 'restored')
    .executeTakeFirstOrThrow();
  expect(JSON.parse(leaf.toString())).toMatchObject({ from: loss.from, to: size });
});

/** As a backup of an earlier size would have it. */
async function setBackTo(size: bigint): Promise<void> {
  for (const table of ['log_published', 'log_checkpoints'] as const)
    await database.db.deleteFrom(table).where('size', '>', size).execute();
  await database.db
    .deleteFrom('log_leaves')
    .where((eb) => eb.or([eb('log_index', '>=', size), eb('log_index', 'is', null)]))
    .execute();
  await database.db
    .deleteFrom('log_nodes')
    .where(sql<boolean>`(node + 1) * (256 ^ level)::numeric > ${size}`)
    .execute();
}

const recoverNow = async () =>
  recover(database.db, {
    origin: ORIGIN,
    vkeys: [vkeyOf(ORIGIN, SEED)],
    loss: await findLoss(database.db, anchor),
  });

test('a database that is set back to the same backup twice gets its leaves again twice, and what the first recovery said too', async () => {
  await sequence();
  await anchorAll(database.db);
  const [first] = await listCheckpoints(database.db);
  const said = () =>
    database.db
      .selectFrom('log_leaves')
      .select('leaf')
      .where('kind', '=', 'restored')
      .orderBy('log_index')
      .execute();
  const before = (await said()).length;
  for (const time of [1, 2]) {
    const { size, note } = (await findNewestCheckpoint(database.db))!;
    await setBackTo(first!.size);
    expect(await recoverNow()).toMatchObject({ size: Number(size) });
    expect((await findNewestCheckpoint(database.db))!.note).toBe(note);
    await sequence();
    await anchorAll(database.db);
    expect(await said()).toHaveLength(before + time);
  }
  const tree = (await findLogFaults(database.db)).filter(({ rule }) =>
    /node|root|place|checkpoint/.test(rule),
  );
  expect(tree).toEqual([]);
});

test('a recovery of a log that lost nothing changes nothing, how often it is run', async () => {
  await market.addLeaves(3);
  await sequence(); // Signed, and not yet in the anchor.
  const before = await listCheckpoints(database.db);
  for (const _ of [1, 2]) {
    expect(await recoverNow()).toMatchObject({ recovered: 0 });
    expect(await listCheckpoints(database.db)).toEqual(before);
  }
  await anchorAll(database.db);
  expect((await findLoss(database.db, anchor)).from).toBe(Number(before.at(-1)!.size));
});

test('a recovery from an anchor that has not all that readers were shown is refused, and leaves the log as it is', async () => {
  const { size } = (await findNewestCheckpoint(database.db))!;
  await database.db.insertInto('log_published').values({ size, published_at: new Date() }).execute();
  const before = await listCheckpoints(database.db);
  const empty = await mkdtemp(join(tmpdir(), 'other-anchor-'));
  const loss = await findLoss(database.db, empty);
  const attempt = recover(database.db, { origin: ORIGIN, vkeys: [vkeyOf(ORIGIN, SEED)], loss });
  await expect(attempt).rejects.toThrow(`readers were shown the log up to ${size}`);
  expect(await listCheckpoints(database.db)).toEqual(before);
  await rm(empty, { recursive: true });
});
