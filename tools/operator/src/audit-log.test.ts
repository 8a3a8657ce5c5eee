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
