import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { LogLeafRow, PostingRow, ReviewRow, TransferRow } from '../tables/index.ts';

/** What a job's commitments are salted with; undefined while it has no leaves. */
export async function findJobSalt(db: Db, jobId: string): Promise<Buffer | undefined> {
  const row = await db.selectFrom('job_salts').select('salt').where('job_id', '=', jobId).executeTakeFirst();
  return row?.salt;
}

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

/** The newest leaf of a kind. */
export function findNewestLeaf(db: Db, kind: string): Promise<LogLeafRow | undefined> {
  return db
    .selectFrom('log_leaves')
    .selectAll()
    .where('kind', '=', kind)
    .orderBy('entry_id', 'desc')
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
export async function sumAccountKinds(db: Db): Promise<LedgerTotals> {
  const { rows } = await sql<LedgerTotals>`
    SELECT coalesce(sum(balance) FILTER (WHERE kind = 'agent'), 0)::bigint AS agent,
      coalesce(sum(balance) FILTER (WHERE kind = 'escrow'), 0)::bigint AS escrow,
      coalesce(sum(balance) FILTER (WHERE kind = 'bond'), 0)::bigint AS bond,
      (SELECT coalesce(sum(amount), 0) FROM fee_sums)::bigint AS fees,
      (SELECT coalesce(sum(amount), 0) FROM postings JOIN accounts USING (account_id) WHERE kind = 'mint')::bigint AS mint
    FROM accounts`.execute(db);
  return rows[0]!;
}

/** Agents that proved to hold their key and have no leaf of it yet, after this one, in the order of their ids. */
export function listUnloggedAgents(trx: Tx, after: string | null, limit: number) {
  return trx
    .selectFrom('agents')
    .select(['agent_id', 'public_key', 'proven_at'])
    .where('proven_at', 'is not', null)
    .$if(after !== null, (query) => query.where('agent_id', '>', after ?? ''))
    .where(
      sql<boolean>`NOT EXISTS (SELECT FROM log_leaves WHERE kind = 'key' AND subject >= agents.agent_id::text || ':'
        AND subject < agents.agent_id::text || ';')`,
    )
    .orderBy('agent_id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
}

/** Jobs that were settled without a leaf of it, after this one, in the order of their ids; locked. */
export function listUnloggedJobs(trx: Tx, after: string | null, limit: number) {
  return trx
    .selectFrom('jobs')
    .selectAll()
    .where('settled_at', 'is not', null)
    .$if(after !== null, (query) => query.where('job_id', '>', after ?? ''))
    .where(
      sql<boolean>`NOT EXISTS (SELECT FROM log_leaves WHERE kind = 'settlement' AND subject = jobs.job_id::text)`,
    )
    .orderBy('job_id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
}

/** Reviews that were written without a leaf, after this one, in the order of their ids. */
export function listUnloggedReviews(trx: Tx, after: string | null, limit: number): Promise<ReviewRow[]> {
  return trx
    .selectFrom('reviews')
    .selectAll()
    .$if(after !== null, (query) => query.where('review_id', '>', after ?? ''))
    .where(
      sql<boolean>`NOT EXISTS (SELECT FROM log_leaves WHERE kind = 'review' AND subject = reviews.review_id::text)`,
    )
    .orderBy('review_id')
    .limit(limit)
    .execute();
}
