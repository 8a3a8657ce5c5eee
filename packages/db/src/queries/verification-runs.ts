import type { Insertable } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { VerificationRunChange, VerificationRunRow, VerificationRunsTable } from '../tables/index.ts';

export async function insertRun(trx: Tx, run: Insertable<VerificationRunsTable>): Promise<void> {
  await trx.insertInto('verification_runs').values(run).execute();
}

export async function findJobOfRun(db: Db, runId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('verification_runs')
    .select('job_id')
    .where('run_id', '=', runId)
    .executeTakeFirst();
  return row?.job_id;
}

/** A run, locked until the transaction ends. Its job is locked first. */
export function lockRunRow(trx: Tx, runId: string): Promise<VerificationRunRow> {
  return trx
    .selectFrom('verification_runs')
    .selectAll()
    .where('run_id', '=', runId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
}

export function updateRun(
  trx: Tx,
  runId: string,
  change: VerificationRunChange,
): Promise<VerificationRunRow> {
  return trx
    .updateTable('verification_runs')
    .set(change)
    .where('run_id', '=', runId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The run of a job whose FAIL is decided and waits for its time, if there is one. */
export function findDecidedRun(trx: Tx, jobId: string): Promise<VerificationRunRow | undefined> {
  return trx
    .selectFrom('verification_runs')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('status', '=', 'running')
    .where('fail_settles_at', 'is not', null)
    .executeTakeFirst();
}

/** Ends every run of a job that has no verdict, and takes their tasks off the outbox. */
export async function abandonRuns(trx: Tx, jobId: string, now: Date): Promise<void> {
  await trx
    .updateTable('verification_runs')
    .set({ status: 'abandoned', lease_token: null, lease_until: null, finished_at: now })
    .where('job_id', '=', jobId)
    .where('status', 'in', ['pending', 'running'])
    .execute();
  await trx.deleteFrom('outbox').where('kind', '=', 'verification').where('job_id', '=', jobId).execute();
}
