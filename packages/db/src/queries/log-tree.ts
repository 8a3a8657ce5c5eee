import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { LogCheckpointRow, LogLeafRow } from '../tables/index.ts';
import type { NewLeaf } from './flush-outbox.ts';

/** One sequencer at a time: false while another one works. The lock ends with the transaction. */
export async function tryLockSequencer(trx: Tx): Promise<boolean> {
  const { rows } = await sql<{
    locked: boolean;
  }>`SELECT pg_try_advisory_xact_lock(7141, 24) AS locked`.execute(trx);
  return rows[0]!.locked;
}

/** The same, once whoever works has ended. */
export async function lockSequencer(trx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(7141, 24)`.execute(trx);
}

export function findNewestCheckpoint(db: Db): Promise<LogCheckpointRow | undefined> {
  return db.selectFrom('log_checkpoints').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
}

/** The newest checkpoint that readers may see. */
export function findPublishedCheckpoint(db: Db): Promise<LogCheckpointRow | undefined> {
  return db
    .selectFrom('log_checkpoints')
    .selectAll()
    .where('size', '=', (eb) => eb.selectFrom('log_published').select((e) => e.fn.max('size').as('size')))
    .executeTakeFirst();
}

/** Checkpoints after the newest that is published, the oldest first. */
export function listUnpublishedCheckpoints(db: Db, limit: number): Promise<LogCheckpointRow[]> {
  return db
    .selectFrom('log_checkpoints')
    .selectAll()
    .where('size', '>', sql<bigint>`(SELECT coalesce(max(size), 0) FROM log_published)`)
    .orderBy('size')
    .limit(limit)
    .execute();
}

/**
 * What the keeper of the log acts on, in one text: the halt, the newest sizes, the newest of the leaves that the log writes about
 * itself, and whether leaves wait for their places. While it stays the same there is nothing new to do.
 */
export async function findLogState(db: Db): Promise<{ text: string; areLeavesWaiting: boolean }> {
  const newest = (kind: string) =>
    sql`(SELECT subject FROM log_leaves WHERE kind = ${sql.lit(kind)} ORDER BY subject DESC LIMIT 1)`;
  const { rows } = await sql<{ text: string; areLeavesWaiting: boolean }>`
    SELECT waiting AS "areLeavesWaiting",
      json_build_array((SELECT value FROM deployment_facts WHERE name = 'log_halted'), waiting,
        (SELECT max(size) FROM log_checkpoints), (SELECT max(size) FROM log_published),
        ${newest('genesis')}, ${newest('policy')}, ${newest('log_key')}, ${newest('totals')})::text AS text
    FROM (SELECT EXISTS (SELECT FROM log_leaves WHERE log_index IS NULL) AS waiting) AS leaves`.execute(db);
  return rows[0]!;
}

export async function insertPublished(trx: Tx, size: bigint, now: Date): Promise<void> {
  await trx
    .insertInto('log_published')
    .values({ size, published_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Signatures of witnesses under a checkpoint, as lines of its note. */
export async function listCosignatures(db: Db, size: bigint): Promise<string[]> {
  const rows = await db
    .selectFrom('log_cosignatures')
    .select('line')
    .where('size', '=', size)
    .orderBy('witness')
    .execute();
  return rows.map(({ line }) => line);
}

/** Leaves without a place in the log, in the order in which they get one: what was written after a leaf was seen follows it. */
export function listPendingLeaves(
  db: Db,
  limit: number,
): Promise<Pick<LogLeafRow, 'entry_id' | 'kind' | 'leaf_hash'>[]> {
  return db
    .selectFrom('log_leaves')
    .select(['entry_id', 'kind', 'leaf_hash'])
    .where('log_index', 'is', null)
    .orderBy('entry_id')
    .limit(limit)
    .execute();
}

/** Hashes of a level from `first` to before `end`. Level 0 are the leaves. */
export interface HashRange {
  readonly level: number;
  readonly first: number;
  readonly end: number;
}

/** The hashes of each range, in order; fewer where the tree has fewer. */
export async function readLogHashes(db: Db, ranges: readonly HashRange[]): Promise<Buffer[][]> {
  if (ranges.length === 0) return [];
  const { rows } = await sql<{ hashes: Buffer | null }>`
    SELECT CASE WHEN want.level = 0
      THEN (SELECT string_agg(leaf_hash, ''::bytea ORDER BY log_index) FROM log_leaves WHERE log_index >= want.first AND log_index < want.last)
      ELSE (SELECT string_agg(hash, ''::bytea ORDER BY node) FROM log_nodes
        WHERE log_nodes.level = want.level AND node >= want.first AND node < want.last) END AS hashes
    FROM unnest(${ranges.map(({ level }) => level)}::smallint[], ${ranges.map(({ first }) => first)}::bigint[],
      ${ranges.map(({ end }) => end)}::bigint[]) WITH ORDINALITY AS want (level, first, last, place)
    ORDER BY want.place`.execute(db);
  return rows.map(({ hashes }) => splitHashes(hashes ?? Buffer.alloc(0)));
}

const HASH_BYTES = 32;

function splitHashes(hashes: Buffer): Buffer[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, at) =>
    hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

/** The sequenced leaves from `first` to before `end`, in order. */
export function listSequencedLeaves(db: Db, first: number, end: number): Promise<LogLeafRow[]> {
  return db
    .selectFrom('log_leaves')
    .selectAll()
    .where('log_index', '>=', BigInt(first))
    .where('log_index', '<', BigInt(end))
    .orderBy('log_index')
    .execute();
}

/** What one batch adds to the tree. */
export interface TreeGrowth {
  /** In the order of their places, the first at `checkpoint.previous_size`. */
  readonly entryIds: readonly bigint[];
  readonly nodes: readonly { readonly level: number; readonly node: number; readonly hash: Uint8Array }[];
  readonly checkpoint: LogCheckpointRow;
}

/** Gives leaves their places and writes the nodes that they complete, and the checkpoint. */
export async function insertTreeGrowth(trx: Tx, { entryIds, nodes, checkpoint }: TreeGrowth): Promise<void> {
  await sql`
    UPDATE log_leaves SET log_index = ${checkpoint.previous_size}::bigint + placed.place - 1
    FROM unnest(${entryIds.map(String)}::bigint[]) WITH ORDINALITY AS placed (entry_id, place)
    WHERE log_leaves.entry_id = placed.entry_id`.execute(trx);
  if (nodes.length > 0)
    await trx
      .insertInto('log_nodes')
      .values(nodes.map(({ level, node, hash }) => ({ level, node: BigInt(node), hash: Buffer.from(hash) })))
      .execute();
  await trx.insertInto('log_checkpoints').values(checkpoint).execute();
}

/**
 * Adds leaves that the database has lost, and finds those that it still has waiting.
 *
 * @returns their entries, in the order of the leaves.
 */
export async function insertLostLeaves(
  trx: Tx,
  leaves: readonly Omit<NewLeaf, 'job_id'>[],
): Promise<bigint[]> {
  await sql`
    INSERT INTO log_leaves (leaf_id, kind, subject, leaf, created_at)
    SELECT leaf_id, kind, subject, convert_to(leaf, 'UTF8'), created_at
    FROM json_to_recordset(${JSON.stringify(leaves)}::json)
      AS leaf (leaf_id uuid, kind text, subject text, leaf text, created_at timestamptz)
    ON CONFLICT (leaf_id) DO NOTHING`.execute(trx);
  const { rows } = await sql<{ entry_id: bigint }>`
    SELECT entry_id FROM unnest(${leaves.map(({ leaf_id: leafId }) => leafId)}::uuid[]) WITH ORDINALITY AS lost (leaf_id, place)
    JOIN log_leaves USING (leaf_id) ORDER BY place`.execute(trx);
  return rows.map(({ entry_id: entryId }) => entryId);
}

/**
 * Takes back what was signed beyond a size and never left the database, so that its leaves wait again. For the owner alone, whom
 * the trigger that keeps places does not bind.
 */
export async function clearTreeBeyond(trx: Tx, size: bigint): Promise<void> {
  await sql`ALTER TABLE log_leaves DISABLE TRIGGER log_index_is_set_once`.execute(trx);
  await sql`UPDATE log_leaves SET log_index = NULL WHERE log_index >= ${size}`.execute(trx);
  await sql`ALTER TABLE log_leaves ENABLE TRIGGER log_index_is_set_once`.execute(trx);
  await sql`DELETE FROM log_published WHERE size > ${size}`.execute(trx);
  await sql`DELETE FROM log_cosignatures WHERE size > ${size}`.execute(trx);
  await sql`DELETE FROM log_checkpoints WHERE size > ${size}`.execute(trx);
  await sql`DELETE FROM log_nodes WHERE (node + 1) * (256 ^ level)::numeric > ${size}`.execute(trx);
  // The log began before: it begins once.
  await sql`DELETE FROM log_leaves WHERE kind = 'genesis' AND log_index IS NULL`.execute(trx);
}
