import type { Db } from '../create-db.ts';
import type { VerificationRunRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, paged } from './keyset.ts';

/** The run that judges one delivery of a job, counted from 1. */
export function findRun(db: Db, jobId: string, delivery: number): Promise<VerificationRunRow | undefined> {
  return db
    .selectFrom('verification_runs')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('delivery', '=', delivery)
    .executeTakeFirst();
}

/** A job's runs, oldest first. */
export function listRuns(db: Db, jobId: string, page: KeysetPage): Promise<VerificationRunRow[]> {
  return db
    .selectFrom('verification_runs')
    .selectAll()
    .where('job_id', '=', jobId)
    .$call(paged('asc', 'delivered_at', 'run_id', page))
    .execute();
}

/** The runs that one runner judged, by its digest, in the order they were made in. */
export function listRunsOfRunner(
  db: Db,
  digest: string,
  page: { after: string | null; limit: number },
): Promise<VerificationRunRow[]> {
  return db
    .selectFrom('verification_runs')
    .selectAll()
    .where('runner_digest', '=', digest)
    .$if(page.after !== null, (query) => query.where('run_id', '>', page.after!))
    .orderBy('run_id')
    .limit(page.limit)
    .execute();
}

export function countRuns(db: Db, jobId: string, limit: number): Promise<number> {
  return countTo(db, limit, db.selectFrom('verification_runs').select('run_id').where('job_id', '=', jobId));
}
