import type { Db, Tx } from '../create-db.ts';
import type { JobChange, JobRow, NegotiationEntryRow } from '../tables/index.ts';

export function findJob(db: Db, jobId: string): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('job_id', '=', jobId).executeTakeFirst();
}

/** A job, locked until the transaction ends: every change of a job begins here. */
export function lockJob(trx: Tx, jobId: string): Promise<JobRow | undefined> {
  return trx.selectFrom('jobs').selectAll().where('job_id', '=', jobId).forNoKeyUpdate().executeTakeFirst();
}

export function updateJob(trx: Tx, jobId: string, change: JobChange): Promise<JobRow> {
  return trx
    .updateTable('jobs')
    .set(change)
    .where('job_id', '=', jobId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function listNegotiationEntries(db: Db, jobIds: readonly string[]): Promise<NegotiationEntryRow[]> {
  if (jobIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('negotiation_entries')
    .selectAll()
    .where('job_id', 'in', [...jobIds])
    .orderBy('job_id')
    .orderBy('seq')
    .execute();
}

export function findLastNegotiationEntry(trx: Tx, jobId: string): Promise<NegotiationEntryRow | undefined> {
  return trx
    .selectFrom('negotiation_entries')
    .selectAll()
    .where('job_id', '=', jobId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}
