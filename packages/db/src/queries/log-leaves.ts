import { type RawBuilder, sql } from 'kysely';
import { compileOnce } from '../compile-once.ts';
import type { Db, Tx } from '../create-db.ts';
import type { LogLeafRow, PostingRow, TransferRow } from '../tables/index.ts';

/** What a job's commitments are salted with; undefined while it has no leaves. */
export async function findJobSalt(db: Db, jobId: string): Promise<Buffer | undefined> {
  const [row] = await selectSalt(db, jobId);
  return row?.salt;
}

const selectSalt = compileOnce((db, jobId: string) =>
  db.selectFrom('job_salts').select('salt').where('job_id', '=', jobId),
);

/** The same of a run's job. */
export async function findSaltOfRun(db: Db, runId: string): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('job_salts')
    .select('salt')
    .where('job_id', '=', (eb) =>
      eb.selectFrom('verification_runs').select('job_id').where('run_id', '=', runId),
    )
    .executeTakeFirst();
  return row?.salt;
}

/** A job's leaves, in the order in which they were written. */
export function listLeavesOfJob(db: Db, jobId: string): Promise<LogLeafRow[]> {
  return db.selectFrom('log_leaves').selectAll().where('job_id', '=', jobId).orderBy('entry_id').execute();
}

/** Leaves of a kind whose subject begins so, in the order in which they were written. */
export function listLeavesAbout(db: Db, kind: string, prefix: string, limit: number): Promise<LogLeafRow[]> {
  return db
    .selectFrom('log_leaves')
    .selectAll()
    .where('kind', '=', kind)
    .where('subject', '>=', prefix)
    .where('subject', '<', `${prefix}\uffff`)
    .orderBy('entry_id')
    .limit(limit)
    .execute();
}

/** The leaf of a kind that was written last, of a kind that has few. Those that came back from the anchor tell of what was lost. */
export async function findLastLeaf(db: Db, kind: string): Promise<LogLeafRow | undefined> {
  const { rows } = await sql<LogLeafRow>`
    WITH few AS MATERIALIZED (SELECT * FROM log_leaves WHERE kind = ${kind} AND subject >= '"')
    SELECT * FROM few ORDER BY entry_id DESC LIMIT 1`.execute(db);
  return rows[0];
}

/** The newest leaf of a kind whose subjects are times, or which there is one of. */
export function findNewestLeaf(db: Db, kind: string): Promise<LogLeafRow | undefined> {
  return db
    .selectFrom('log_leaves')
    .selectAll()
    .where('kind', '=', kind)
    .orderBy('subject', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** A posting with its transfer and whose account it is. */
export type JobPosting = Pick<TransferRow, 'transfer_id' | 'kind'> &
  Pick<PostingRow, 'amount'> & { account_kind: string; owner_id: string | null };

/** All postings of a job's transfers, in the order in which they were written. */
export function listJobPostings(db: Db, jobId: string): Promise<JobPosting[]> {
  return db
    .selectFrom('transfers')
    .innerJoin('postings', 'postings.transfer_id', 'transfers.transfer_id')
    .innerJoin('accounts', 'accounts.account_id', 'postings.account_id')
    .select(['transfers.transfer_id', 'transfers.kind', 'postings.amount', 'accounts.owner_id'])
    .select('accounts.kind as account_kind')
    .where('transfers.job_id', '=', jobId)
    .orderBy('postings.posting_id')
    .execute();
}

export interface LedgerTotals {
  readonly agent: bigint;
  readonly escrow: bigint;
  readonly bond: bigint;
  readonly fees: bigint;
  readonly mint: bigint;
}

/** What the accounts of each kind hold at one moment, cents: balances, and for the platform's own the sums of their postings. */
export async function sumAccountKinds(trx: Tx): Promise<LedgerTotals> {
  const inOrder = sql`SET LOCAL enable_seqscan = on`.execute(trx);
  const totals = sql<LedgerTotals>`
    SELECT coalesce(sum(balance) FILTER (WHERE kind = 'agent'), 0)::bigint AS agent,
      coalesce(sum(balance) FILTER (WHERE kind = 'escrow'), 0)::bigint AS escrow,
      coalesce(sum(balance) FILTER (WHERE kind = 'bond'), 0)::bigint AS bond,
      (SELECT coalesce(sum(amount), 0) FROM fee_sums)::bigint AS fees,
      (SELECT coalesce(sum(amount), 0) FROM postings JOIN accounts USING (account_id) WHERE kind = 'mint')::bigint AS mint
    FROM accounts`.execute(trx);
  const [, { rows }] = await Promise.all([inOrder, totals]);
  return rows[0]!;
}

/** Whether something has its leaf, for what was written before the log began. */
const hasLeaf = (kind: string, first: RawBuilder<string>, last: RawBuilder<string>) =>
  sql<boolean>`EXISTS (SELECT FROM log_leaves WHERE kind = ${kind} AND subject >= ${first} AND subject <= ${last})`.as(
    'is_logged',
  );

/** Agents after this one, in the order of their ids, and whether their key is in the log. */
export function lockAgentsToLog(trx: Tx, after: string, limit: number) {
  const id = sql<string>`agents.agent_id::text`;
  return trx
    .selectFrom('agents')
    .select(['agent_id', 'public_key', 'proven_at'])
    .select(hasLeaf('key', sql`${id} || ':'`, sql`${id} || ';'`))
    .where('agent_id', '>', after)
    .orderBy('agent_id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
}

/** Jobs after this one, in the order of their ids, and whether their settlement is in the log. */
export function lockJobsToLog(trx: Tx, after: string, limit: number) {
  const id = sql<string>`jobs.job_id::text`;
  return trx
    .selectFrom('jobs')
    .selectAll()
    .select(hasLeaf('settlement', id, id))
    .where('job_id', '>', after)
    .orderBy('job_id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
}

/** Reviews after this one, in the order of their ids, and whether they are in the log. */
export function listReviewsToLog(trx: Tx, after: string, limit: number) {
  const id = sql<string>`reviews.review_id::text`;
  return trx
    .selectFrom('reviews')
    .selectAll()
    .select(hasLeaf('review', id, id))
    .where('review_id', '>', after)
    .orderBy('review_id')
    .limit(limit)
    .execute();
}
