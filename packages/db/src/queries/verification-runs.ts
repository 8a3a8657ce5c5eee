import { type Insertable, sql } from 'kysely';
import type { Tx } from '../create-db.ts';
import type {
  JobRow,
  VerificationRunChange,
  VerificationRunRow,
  VerificationRunsTable,
} from '../tables/index.ts';
import { jobsThatPaidFees } from './runner-lanes.ts';

/** Whose share of the runner a run uses: its client's own where that has paid fees since `paidSince`, else `shared`. */
export interface LaneRule {
  readonly clientId: string;
  readonly paidSince: Date;
  readonly shared: string;
}

/** A run that waits for its first turn. */
export async function insertRun(
  trx: Tx,
  run: Omit<Insertable<VerificationRunsTable>, 'lane' | 'status'>,
  { clientId, paidSince, shared }: LaneRule,
): Promise<void> {
  const paid = jobsThatPaidFees('client', clientId, paidSince);
  const lane = sql<string>`CASE WHEN EXISTS (${paid}) THEN ${clientId}::uuid ELSE ${shared}::uuid END`;
  await trx
    .insertInto('verification_runs')
    .values({ ...run, status: 'pending', lane })
    .execute();
}

/** The job of a run, locked until the transaction ends. */
export function lockJobOfRun(trx: Tx, runId: string): Promise<JobRow | undefined> {
  return trx
    .selectFrom('jobs')
    .selectAll()
    .where('job_id', '=', (eb) =>
      eb.selectFrom('verification_runs').select('verification_runs.job_id').where('run_id', '=', runId),
    )
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** A run, locked until the transaction ends. Its job is locked first. */
export function lockRunRow(trx: Tx, runId: string): Promise<VerificationRunRow | undefined> {
  return trx
    .selectFrom('verification_runs')
    .selectAll()
    .where('run_id', '=', runId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export async function updateRun(trx: Tx, runId: string, change: VerificationRunChange): Promise<void> {
  await trx.updateTable('verification_runs').set(change).where('run_id', '=', runId).execute();
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
  await sql`
    WITH abandoned AS (
      UPDATE verification_runs SET status = 'abandoned', lease_token = NULL, lease_until = NULL, finished_at = ${now}
      WHERE job_id = ${jobId} AND status IN ('pending', 'running') RETURNING run_id
    )
    DELETE FROM outbox WHERE subject = ANY(ARRAY(SELECT run_id::text FROM abandoned)) AND kind = 'verification'`.execute(
    trx,
  );
}
