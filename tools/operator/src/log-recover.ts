// `npm run log:recover`: after a restored backup, restores the log's lost entries from its anchor.
import { parseArgs } from 'node:util';
import { anchorName, decodeBatch, encodeBatch, openAnchor } from '@agent-registry/anchor';
import { createDb, type Db, listCheckpoints, listSequencedLeaves } from '@agent-registry/db';
import { readVkey } from '@agent-registry/log';
import { commit, type LostBatch, type OperationDeps, recoverLog } from '@agent-registry/operations';
import { createIds, systemClock } from '@agent-registry/service-kit';
import { findDatabaseUrl } from './database-url.ts';

const help = `Brings back the leaves that a restored backup has lost: npm run log:recover [-- --data <dir>] [--dry-run]

It needs the owner's role, and LOG_ORIGIN, LOG_VKEYS and LOG_ANCHOR as the services have them.
Exit code: 0 done or nothing to do, 2 it could not.
`;

export interface Loss {
  /** The size up to which the database and the anchor agree. */
  readonly from: number;
  /** What the anchor has beyond. */
  readonly batches: readonly LostBatch[];
}

/** Compares a database with its anchor. */
export async function findLoss(db: Db, address: string): Promise<Loss> {
  const anchor = openAnchor(address);
  const checkpoints = await listCheckpoints(db);
  let from = 0;
  for (const { previous_size: previous, size, note } of checkpoints.toReversed()) {
    const rows = await listSequencedLeaves(db, Number(previous), Number(size));
    const own = encodeBatch({ leaves: rows.map(({ leaf }) => leaf), note });
    if ((await anchor.read(anchorName(Number(previous))))?.equals(own) !== true) continue;
    from = Number(size);
    break;
  }
  const batches: LostBatch[] = [];
  for (let at = from; ; at += batches.at(-1)!.leaves.length) {
    const bytes = await anchor.read(anchorName(at));
    if (bytes === null) return { from, batches };
    batches.push(decodeBatch(bytes));
  }
}

/** Recovers, as the owner. @throws whatever is wrong with the anchor, and then changes nothing. */
export async function recover(
  db: Db,
  { origin, vkeys, loss }: { origin: string; vkeys: readonly string[]; loss: Loss },
) {
  // Of what operations need it uses the database, the time and ids alone.
  const deps = { db, clock: systemClock, ids: createIds(systemClock) } as unknown as OperationDeps;
  const verifiers = vkeys.map(readVkey);
  return (await commit(deps, (op) => recoverLog(op, { origin, verifiers, ...loss }))).value;
}

async function main(dataDir: string | undefined, isDry: boolean): Promise<number> {
  const { LOG_ORIGIN: origin, LOG_VKEYS: vkeys, LOG_ANCHOR: address } = process.env;
  if (!origin || !vkeys || !address) {
    process.stderr.write('LOG_ORIGIN, LOG_VKEYS and LOG_ANCHOR must be set.\n');
    return 2;
  }
  const db = createDb({ url: findDatabaseUrl(dataDir), poolMax: 1, applicationName: 'log-recover' });
  try {
    const loss = await findLoss(db, address);
    const lost = loss.batches.reduce((sum, { leaves }) => sum + leaves.length, 0);
    process.stdout.write(`The database and the anchor agree up to ${loss.from}; ${lost} leaves are lost.\n`);
    if (isDry) return 0;
    const { size } = await recover(db, { origin, vkeys: vkeys.split(','), loss });
    process.stdout.write(`The log has ${size} leaves again, and goes on with the next sweep.\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`The log could not be recovered: ${(error as Error).message}\n`);
    return 2;
  } finally {
    await db.destroy();
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      data: { type: 'string' },
      'dry-run': { type: 'boolean' },
    },
  });
  if (values.help === true) process.stdout.write(help);
  else process.exitCode = await main(values.data, values['dry-run'] === true);
}
