import {
  clearTreeBeyond,
  findNewestCheckpoint,
  findPublishedCheckpoint,
  insertLostLeaves,
  insertTreeGrowth,
  lockSequencer,
} from '@agent-registry/db';
import { decodeLeaf, isSame, leafHash, openCheckpoint, type Verifier } from '@agent-registry/log';
import { invariant, type Op } from '../op.ts';
import { resumeLog } from './keep-log.ts';
import { recordLeaf } from './record-leaf.ts';
import { appendHash, readEdge, rootOf } from './tree-edge.ts';

/** What an anchor has of a checkpoint. */
export interface LostBatch {
  readonly leaves: readonly Uint8Array[];
  readonly note: string;
}

/**
 * Makes a log that was set back one again: takes back what was signed since and never published, puts the lost leaves in their old
 * places under their old checkpoints, and says so in a leaf. A log that lost nothing is left alone. Needs the owner's role.
 *
 * @param input.from the size up to which the database and the anchor agree.
 * @param input.batches the anchor's batches from there on, in order.
 * @returns the size of the log as it is now, and how many leaves came back.
 * @throws NoteError, or Error for a batch that does not continue the tree, or an anchor without what readers were shown.
 */
export async function recoverLog(
  op: Op,
  input: { origin: string; verifiers: readonly Verifier[]; from: number; batches: readonly LostBatch[] },
): Promise<{ size: number; recovered: number }> {
  const { origin, verifiers, from, batches } = input;
  await lockSequencer(op.trx);
  const shown = Number((await findPublishedCheckpoint(op.trx))?.size ?? 0n);
  // What readers were shown is in the anchor before: another tree in its place would be a fork.
  if (shown > from)
    throw new Error(
      `readers were shown the log up to ${shown}, and the anchor has the same up to ${from} alone: it is not this log's, or not whole`,
    );
  if (batches.length === 0) {
    await resumeLog(op);
    return { size: from, recovered: 0 };
  }
  await clearTreeBeyond(op.trx, BigInt(from));
  const backup = await findNewestCheckpoint(op.trx);
  invariant(
    Number(backup?.size ?? 0n) === from,
    'the database has the checkpoint that it agrees with the anchor on',
  );
  const tree = await readEdge(op.trx, from);
  let size = from;
  for (const { leaves, note } of batches) {
    const signed = openCheckpoint(note, origin, verifiers);
    const nodes = leaves.flatMap((leaf) => appendHash(tree, leafHash(leaf)));
    const isNext = signed.size === size + leaves.length && isSame(signed.root, rootOf(tree));
    if (!isNext) throw new Error(`the batch of the anchor from index ${size} does not continue the log`);
    const entryIds = await insertLostLeaves(op.trx, leaves.map(lostRow(op)));
    const checkpoint = { size: BigInt(signed.size), previous_size: BigInt(size), root: signed.root, note };
    await insertTreeGrowth(op.trx, { entryIds, nodes, checkpoint: { ...checkpoint, signed_at: op.now } });
    size = signed.size;
  }
  const backupTime = (backup?.signed_at ?? new Date(0)).toISOString();
  if (size > from) recordLeaf(op, 'restored', { fields: { from, to: size, backup_time: backupTime } });
  await resumeLog(op);
  return { size, recovered: size - from };
}

/** A lost leaf tells of something that the database no longer has, and that may happen anew: its subject is its own. */
const lostRow = (op: Op) => (leaf: Uint8Array) => {
  const text = Buffer.from(leaf).toString();
  const { id, kind } = decodeLeaf(text);
  return { leaf_id: id, kind, subject: `!lost:${id}`, leaf: text, created_at: op.now };
};
