import { randomBytes } from 'node:crypto';
import { findJobSalt, findSaltOfRun, type NewLeaf } from '@agent-registry/db';
import {
  commitTo,
  encodeLeaf,
  type Leaf,
  type LeafFields,
  type LeafKind,
  type Part,
  SALT_BYTES,
  saltOf,
} from '@agent-registry/log';
import { defer, invariant, type Op, type PendingLeaf } from '../op.ts';

const COMMITMENTS = { both: 'commit', seller: 'commit_seller' } as const;

/** What is public of a leaf beside its head and its commitments. */
type OpenFields<Kind extends LeafKind> = Omit<LeafFields[Kind], (typeof COMMITMENTS)[Part]>;

export interface LeafToRecord<Kind extends LeafKind> {
  readonly fields: OpenFields<Kind>;
  /** With the kind unique for ever. The leaf's id when absent. */
  readonly subject?: string;
  /** Whose subject begins so, and goes on with the leaf's id. */
  readonly about?: string;
  readonly jobId?: string;
  /** What only the parties learn: the leaf commits to it, under the salt of the job. */
  readonly openings?: Readonly<Partial<Record<Part, unknown>>>;
  /** When it happened, where that was before the log began. */
  readonly backfilledAt?: Date;
}

/** Writes a leaf of the transparency log in the operation's transaction. */
export function recordLeaf<Kind extends LeafKind>(op: Op, kind: Kind, leaf: LeafToRecord<Kind>): string {
  const { fields, about, jobId, openings = {}, backfilledAt } = leaf;
  const leafId = op.ids.next();
  const subject = leaf.subject ?? (about === undefined ? leafId : `${about}:${leafId}`);
  const time = (backfilledAt ?? op.now).toISOString();
  const head = { v: 1, kind, id: leafId, time, ...(backfilledAt === undefined ? {} : { backfilled: true }) };
  op.outbox.log.leaves.push({
    row: { leaf_id: leafId, kind, subject, job_id: jobId ?? null, created_at: op.now },
    open: { ...head, ...fields },
    openings,
  });
  return leafId;
}

/** Asks for a job's salt, once: it travels with what is asked for next. The job is locked. */
export function readSalt(op: Op, jobId: string): void {
  const { salts } = op.outbox.log;
  if (!salts.has(jobId)) noteSalt(op, jobId, findJobSalt(op.trx, jobId));
}

/** The same by a run of the job, before the job is known. Returns what tells the operation whose it is. */
export function readSaltOfRun(op: Op, runId: string): (jobId: string) => void {
  const salt = findSaltOfRun(op.trx, runId);
  defer(op, salt);
  return (jobId) => void op.outbox.log.salts.set(jobId, salt);
}

/** A job that has no leaf yet is given a salt. */
export function newSalt(op: Op, jobId: string): void {
  noteSalt(op, jobId, Promise.resolve(undefined));
}

function noteSalt(op: Op, jobId: string, salt: Promise<Buffer | undefined>): void {
  defer(op, salt);
  op.outbox.log.salts.set(jobId, salt);
}

/** The leaves as they are written, and the salts that are new. */
export async function completeLeaves(op: Op): Promise<{
  leaves: NewLeaf[];
  salts: { job_id: string; salt: string }[];
}> {
  const known = new Map<string, Buffer>();
  const salts: { job_id: string; salt: string }[] = [];
  for (const { row, openings } of op.outbox.log.leaves) {
    if (Object.keys(openings).length === 0 || row.job_id === null || known.has(row.job_id)) continue;
    const found = await op.outbox.log.salts.get(row.job_id);
    const salt = found ?? randomBytes(SALT_BYTES);
    if (found === undefined) salts.push({ job_id: row.job_id, salt: salt.toString('hex') });
    known.set(row.job_id, salt);
  }
  const leaves = op.outbox.log.leaves.map((leaf) => ({ ...leaf.row, leaf: textOf(leaf, known) }));
  return { leaves, salts };
}

function textOf({ row, open, openings }: PendingLeaf, salts: ReadonlyMap<string, Buffer>): string {
  const commitments = (Object.keys(openings) as Part[]).map((part) => {
    const jobSalt = row.job_id === null ? undefined : salts.get(row.job_id);
    invariant(jobSalt !== undefined, 'what a leaf commits to belongs to a job');
    return [COMMITMENTS[part], commitTo(saltOf(jobSalt, row.leaf_id, part), openings[part])];
  });
  return encodeLeaf({ ...open, ...Object.fromEntries(commitments) } as Leaf).toString();
}
