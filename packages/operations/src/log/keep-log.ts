import type { Db } from '@agent-registry/db';
import {
  findDeploymentFact,
  findLastLeaf,
  findNewestLeaf,
  insertPublished,
  type LogLeafRow,
  listLeavesAbout,
  putDeploymentFact,
  sumAccountKinds,
  tryLockSequencer,
} from '@agent-registry/db';
import { hourOf } from '@agent-registry/domain';
import { decodeLeaf, type LeafFields, vkeyOf } from '@agent-registry/log';
import { formatCents } from '@agent-registry/schemas';
import type { Op } from '../op.ts';
import { recordLeaf } from './record-leaf.ts';
import type { LogSigner } from './sequence-leaves.ts';

/** Keys that a log may have had. */
const LOG_KEYS_MAX = 1_000;
const HALTED_FACT = 'log_halted';

/** Why the log stands still, in words, and since when. */
export interface LogHalt {
  readonly reason: string;
  readonly since: string;
}

/** The database belongs to another log than this one. */
export class OtherLogError extends Error {
  override readonly name = 'OtherLogError';
}

/**
 * Writes what the log says of itself: its first leaf, its keys, the rules that scores are computed by, and each hour the sums of the
 * ledger.
 *
 * @returns how many leaves it wrote.
 * @throws OtherLogError where the log in the database has another origin.
 */
export async function keepLog(op: Op, signer: LogSigner): Promise<number> {
  if (!(await tryLockSequencer(op.trx))) return 0;
  await assertOrigin(
    op.trx,
    signer.origin,
    () =>
      void recordLeaf(op, 'genesis', {
        subject: 'genesis',
        fields: { origin: signer.origin, follows: null },
      }),
  );
  await keepPolicy(op);
  await keepKeys(op, signer);
  await keepTotals(op);
  return op.outbox.log.leaves.length;
}

/** @throws OtherLogError. */
export async function assertOrigin(
  db: Db,
  origin: string,
  ifNone: () => void = () => undefined,
): Promise<void> {
  const genesis = await findNewestLeaf(db, 'genesis');
  if (genesis === undefined) return ifNone();
  const fields = fieldsOf<'genesis'>(genesis);
  if (fields.origin !== origin)
    throw new OtherLogError(`the database has the log ${fields.origin}, and LOG_ORIGIN is ${origin}`);
}

async function keepPolicy(op: Op): Promise<void> {
  const fields = {
    full_fees: formatCents(op.rules.reputation.fullFees),
    counterparties: op.rules.reputation.counterparties,
    fee_rate_ppm: op.rules.feeRatePpm,
  };
  // By the order in which they were written: a clock that was set back makes no policy older.
  const newest = await findLastLeaf(op.trx, 'policy');
  const known = newest === undefined ? null : fieldsOf<'policy'>(newest);
  const isSame =
    known !== null &&
    Object.entries(fields).every(([name, value]) => known[name as keyof typeof fields] === value);
  if (!isSame) recordLeaf(op, 'policy', { fields });
}

/** A key that begins to sign is announced by the leaves that it signs first; one that is dropped, likewise. */
async function keepKeys(op: Op, { origin, seeds }: LogSigner): Promise<void> {
  const states = new Map<string, string>();
  for (const row of await listLeavesAbout(op.trx, 'log_key', '', LOG_KEYS_MAX)) {
    const { vkey, state } = fieldsOf<'log_key'>(row);
    states.set(vkey, state);
  }
  const wanted = new Set(seeds.map((seed) => vkeyOf(origin, seed)));
  for (const vkey of wanted)
    if (states.get(vkey) !== 'added') recordLeaf(op, 'log_key', { fields: { vkey, state: 'added' } });
  for (const [vkey, state] of states)
    if (state === 'added' && !wanted.has(vkey))
      recordLeaf(op, 'log_key', { fields: { vkey, state: 'dropped' } });
}

async function keepTotals(op: Op): Promise<void> {
  const subject = hourOf(op.now).toISOString();
  const newest = await findNewestLeaf(op.trx, 'totals');
  if (newest !== undefined && newest.subject >= subject) return;
  const { agent, escrow, bond, fees, mint } = await sumAccountKinds(op.trx);
  const fields = {
    agent: formatCents(agent),
    escrow: formatCents(escrow),
    bond: formatCents(bond),
    fees: formatCents(fees),
    mint: formatCents(mint),
  };
  recordLeaf(op, 'totals', { subject, fields });
}

function fieldsOf<Kind extends keyof LeafFields>(row: LogLeafRow): LeafFields[Kind] {
  return decodeLeaf(row.leaf.toString()) as unknown as LeafFields[Kind];
}

/** Notes that a checkpoint has left the process for good: readers may see it. */
export async function markPublished(op: Op, size: bigint): Promise<void> {
  await insertPublished(op.trx, size, op.now);
}

/** Stops the log, and nothing else: leaves wait, and the newest published checkpoint stays. `npm run log:recover` ends it. */
export async function haltLog(op: Op, reason: string): Promise<void> {
  const halt: LogHalt = { reason, since: op.now.toISOString() };
  await putDeploymentFact(op.trx, HALTED_FACT, halt, op.now);
}

/** Lets a halted log go on. */
export async function resumeLog(op: Op): Promise<void> {
  await putDeploymentFact(op.trx, HALTED_FACT, null, op.now);
}

/** Why the log stands still; null while it does not. */
export async function findLogHalt(db: Db): Promise<LogHalt | null> {
  return ((await findDeploymentFact(db, HALTED_FACT)) as LogHalt | null | undefined) ?? null;
}
