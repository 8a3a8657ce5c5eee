import { anchorName, encodeBatch } from '@agent-registry/anchor';
import {
  findLogState,
  findNewestCheckpoint,
  type LogCheckpointRow,
  listSequencedLeaves,
  listUnpublishedCheckpoints,
} from '@agent-registry/db';
import { hourOf } from '@agent-registry/domain';
import {
  backfillLog,
  commit,
  findLogHalt,
  haltLog,
  keepLog,
  markPublished,
  SEQUENCE_BATCH,
  sequenceLeaves,
} from '@agent-registry/operations';
import type { DispatcherContext } from '../context.ts';

/** Bounds of one sweep. */
const SEQUENCE_BATCHES_MAX = 20;
const BACKFILL_BATCHES_MAX = 20;
const PUBLISH_BATCH = 20;

type Log = NonNullable<DispatcherContext['signedLog']>;

/**
 * Brings the transparency log up to date: what it says of itself, what happened before it began, the places of new leaves, and what
 * readers may see. A log that is halted stands still.
 *
 * @param thoroughly whether to look at everything, the anchor too, where the database is as it was when there was nothing to do.
 * @returns how many leaves got their place.
 */
export async function advanceLog(
  context: DispatcherContext,
  isOver: () => boolean,
  thoroughly: boolean,
): Promise<number> {
  const { signedLog: log } = context;
  if (log === null) return 0;
  const { text, areLeavesWaiting } = await findLogState(context.db);
  const state = `${hourOf(context.clock.now()).toISOString()} ${text}`; // Each hour has sums of its own.
  if (!thoroughly && state === log.settled) return 0;
  log.settled = null;
  if ((await findLogHalt(context.db)) !== null) return 0;
  await commit(context, (op) => keepLog(op, log.signer));
  let done = 0;
  for (let batch = 0; batch < BACKFILL_BATCHES_MAX && !isOver(); batch += 1) {
    const { value: count } = await commit(context, backfillLog);
    done += count;
    if (count === 0) break;
  }
  let placed = 0;
  for (let batch = 0; batch < SEQUENCE_BATCHES_MAX && !isOver(); batch += 1) {
    if (!(await publish(context, log)) || !(await isNewest(context, log))) return placed;
    const { value: count } = await commit(context, (op) => sequenceLeaves(op, log.signer));
    placed += count;
    if (count < SEQUENCE_BATCH) break;
  }
  await publish(context, log);
  if (done + placed === 0 && !areLeavesWaiting && !isOver()) log.settled = state;
  return placed;
}

/**
 * Puts checkpoints into the anchor, the oldest first, and lets readers see them.
 *
 * @returns false where the anchor has another batch in a place: the database was set back, and the log is halted.
 */
async function publish(context: DispatcherContext, { anchor }: Log): Promise<boolean> {
  for (const checkpoint of await listUnpublishedCheckpoints(context.db, PUBLISH_BATCH)) {
    const from = Number(checkpoint.previous_size);
    const anchored = await anchor.putIfAbsent(anchorName(from), await batchOf(context, checkpoint));
    if (anchored === 'different') {
      await halt(context, `the anchor has another batch from index ${from} than the database`);
      return false;
    }
    await commit(context, (op) => markPublished(op, checkpoint.size));
  }
  return true;
}

async function batchOf(
  { db }: DispatcherContext,
  { previous_size, size, note }: LogCheckpointRow,
): Promise<Buffer> {
  const rows = await listSequencedLeaves(db, Number(previous_size), Number(size));
  return encodeBatch({ leaves: rows.map(({ leaf }) => leaf), note });
}

/** Whether the anchor has nothing beyond the database. A database from a backup would sign the places of its lost leaves again. */
async function isNewest(context: DispatcherContext, { anchor }: Log): Promise<boolean> {
  const size = Number((await findNewestCheckpoint(context.db))?.size ?? 0n);
  if ((await anchor.read(anchorName(size))) === null) return true;
  // Another dispatcher may have signed and published meanwhile.
  const sizeNow = Number((await findNewestCheckpoint(context.db))?.size ?? 0n);
  if (sizeNow > size) return false;
  await halt(context, `the anchor goes on beyond index ${size}, where the database ends`);
  return false;
}

async function halt(context: DispatcherContext, reason: string): Promise<void> {
  await commit(context, (op) => haltLog(op, reason));
  context.log.error({ log_halted: true, reason }, 'the transparency log is halted: npm run log:recover');
}
