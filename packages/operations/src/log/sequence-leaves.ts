import {
  type Db,
  findNewestCheckpoint,
  findNewestLeaf,
  insertTreeGrowth,
  type LogCheckpointRow,
  listPendingLeaves,
  tryLockSequencer,
} from '@agent-registry/db';
import {
  checkpointText,
  EMPTY_ROOT,
  isSame,
  openCheckpoint,
  readVkey,
  signNote,
  vkeyOf,
} from '@agent-registry/log';
import { invariant, type Op } from '../op.ts';
import { appendHash, readEdge, rootOf } from './tree-edge.ts';

/** Leaves that one transaction gives their places. */
export const SEQUENCE_BATCH = 1_024;

/** The log's name, and the seeds of the keys that sign for it, the newest first; hex. */
export interface LogSigner {
  readonly origin: string;
  readonly seeds: readonly string[];
}

/**
 * Gives a batch of leaves their places in the tree and signs it. What is signed leaves the process only when it is read back from
 * the committed row, so that no crash makes two trees of one size.
 *
 * @returns how many leaves got their place: fewer than SEQUENCE_BATCH where none is left, or another sequencer works.
 * @throws Error where the newest checkpoint in the database is not one of this log.
 */
export async function sequenceLeaves(op: Op, signer: LogSigner): Promise<number> {
  if (!(await tryLockSequencer(op.trx))) return 0;
  const [newest, waiting] = await Promise.all([
    findNewestCheckpoint(op.trx),
    listPendingLeaves(op.trx, SEQUENCE_BATCH),
  ]);
  if (newest !== undefined) assertOwn(newest, signer);
  const pending = newest === undefined ? await withGenesisFirst(op.trx, waiting) : waiting;
  if (pending.length === 0) return 0;
  const from = Number(newest?.size ?? 0n);
  const tree = await readEdge(op.trx, from);
  invariant(isSame(rootOf(tree), newest?.root ?? EMPTY_ROOT), 'the tree has the root that was signed');
  const nodes = pending.flatMap(({ leaf_hash: hash }) => appendHash(tree, hash));
  const [size, root] = [from + pending.length, rootOf(tree)];
  const note = signNote(checkpointText({ origin: signer.origin, size, root }), signer.origin, signer.seeds);
  const signedAt = new Date(Math.max(op.now.getTime(), (newest?.signed_at.getTime() ?? 0) + 1));
  await insertTreeGrowth(op.trx, {
    entryIds: pending.map(({ entry_id: entryId }) => entryId),
    nodes,
    checkpoint: {
      size: BigInt(size),
      previous_size: BigInt(from),
      root: Buffer.from(root),
      note,
      signed_at: signedAt,
    },
  });
  return pending.length;
}

function assertOwn(newest: LogCheckpointRow, { origin, seeds }: LogSigner): void {
  const signed = openCheckpoint(
    newest.note,
    origin,
    seeds.map((seed) => readVkey(vkeyOf(origin, seed))),
  );
  const isWhole = BigInt(signed.size) === newest.size && isSame(signed.root, newest.root);
  invariant(isWhole, 'a checkpoint says what it signed');
}

type Pending = Awaited<ReturnType<typeof listPendingLeaves>>;

/** The log's own first leaf, and after it those that were written before it, which may be more than a batch; none while it is not there. */
async function withGenesisFirst(db: Db, waiting: Pending): Promise<Pending> {
  const genesis = await findNewestLeaf(db, 'genesis');
  if (genesis === undefined) return [];
  const others = waiting.filter(({ entry_id: entryId }) => entryId !== genesis.entry_id);
  return [genesis, ...others].slice(0, SEQUENCE_BATCH);
}
