import type { JobStatus, RejudgementStatus } from '@agent-registry/schemas';
import { type Insertable, sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type {
  PostingRow,
  RecallRow,
  RecallsTable,
  RejudgementChange,
  RejudgementRow,
  TransferRow,
} from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, paged, skipped } from './keyset.ts';

/** Adds a recall; undefined where the runner is recalled already. */
export function insertRecall(trx: Tx, recall: Insertable<RecallsTable>): Promise<RecallRow | undefined> {
  return trx
    .insertInto('recalls')
    .values(recall)
    .onConflict((conflict) => conflict.column('runner_digest').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export function findRecall(db: Db, recallId: string): Promise<RecallRow | undefined> {
  return db.selectFrom('recalls').selectAll().where('recall_id', '=', recallId).executeTakeFirst();
}

export function findRecallOfRunner(db: Db, digest: string): Promise<RecallRow | undefined> {
  return db.selectFrom('recalls').selectAll().where('runner_digest', '=', digest).executeTakeFirst();
}

/** Recalls, the newest first. */
export function listRecalls(db: Db, page: KeysetPage): Promise<RecallRow[]> {
  return db
    .selectFrom('recalls')
    .selectAll()
    .$call(paged('desc', 'created_at', 'recall_id', page))
    .execute();
}

export function countRecalls(db: Db, limit: number): Promise<number> {
  return countTo(db, limit, db.selectFrom('recalls').select('recall_id'));
}

/** How many verdicts one runner gave. */
export async function countVerdictsOf(db: Db, digest: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::integer AS count FROM verification_runs WHERE runner_digest = ${digest} AND status IN ('pass', 'fail')`.execute(
    db,
  );
  return rows[0]!.count;
}

/** How many of these recalls' verdicts were judged anew, by what came of it. */
export async function countRejudgements(
  db: Db,
  recallIds: readonly string[],
): Promise<{ recall_id: string; status: RejudgementStatus; count: number }[]> {
  const { rows } = await sql<{ recall_id: string; status: RejudgementStatus; count: number }>`
    SELECT recall_id, status, count(*)::integer AS count FROM rejudgements
    WHERE recall_id = ANY(${[...recallIds]}::uuid[]) GROUP BY recall_id, status`.execute(db);
  return rows;
}

/** Makes whoever counts a recall's turned verdicts wait for one another until the transaction ends. */
export async function lockRecall(trx: Tx, recallId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${recallId}, 7147))`.execute(trx);
}

/** Makes claims wait for one another: one verdict is judged anew at a time. */
export async function lockRejudgementSlot(trx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(7148)`.execute(trx);
}

/** A verdict of a recalled runner, and what is known of it since. */
export interface RecalledVerdictRow extends Omit<RejudgementRow, 'status' | 'results'> {
  readonly job_id: string;
  readonly delivery: number;
  readonly given: 'pass' | 'fail';
  readonly given_at: Date;
  readonly job_status: JobStatus;
  readonly client_agent_id: string;
  readonly seller_agent_id: string;
  /** Whether what was judged is still there: a later delivery takes its place. */
  readonly has_deliverable: boolean;
  /** Null where nobody asked. */
  readonly status: RejudgementStatus | null;
}

const VERDICT = sql`run.run_id, run.job_id, run.delivery, run.status AS given, run.finished_at AS given_at, job.status AS job_status,
  job.client_agent_id, job.seller_agent_id, run.delivery = job.delivery_count AND job.result IS NOT NULL AS has_deliverable,
  anew.status, anew.verdict, anew.summary, anew.runner_version, anew.runner_digest, anew.reason, anew.requested_at, anew.finished_at,
  anew.reference, anew.note, anew.closed_at`;

/** The verdicts that a recall is about, or those of which this is known, in the order in which they were asked for. */
export async function listRecalledVerdicts(
  db: Db,
  { recall_id, runner_digest }: Pick<RecallRow, 'recall_id' | 'runner_digest'>,
  statuses: readonly RejudgementStatus[] | null,
  page: KeysetPage,
): Promise<RecalledVerdictRow[]> {
  const past = page.after === null ? sql`true` : sql`run.run_id > ${page.after.id}::uuid`;
  const from =
    statuses === null
      ? sql`verification_runs run LEFT JOIN rejudgements anew USING (run_id) JOIN jobs job USING (job_id)
          WHERE run.runner_digest = ${runner_digest} AND run.status IN ('pass', 'fail')`
      : sql`rejudgements anew JOIN verification_runs run USING (run_id) JOIN jobs job USING (job_id)
          WHERE anew.recall_id = ${recall_id} AND anew.status = ANY(${[...statuses]}::text[])`;
  const { rows } = await sql<RecalledVerdictRow>`
    SELECT ${VERDICT} FROM ${from} AND ${past} ORDER BY run.run_id LIMIT ${page.limit} OFFSET ${skipped(page)}`.execute(
    db,
  );
  return rows;
}

export function countRecalledVerdicts(
  db: Db,
  { recall_id, runner_digest }: Pick<RecallRow, 'recall_id' | 'runner_digest'>,
  statuses: readonly RejudgementStatus[] | null,
  limit: number,
): Promise<number> {
  return countTo(
    db,
    limit,
    statuses === null
      ? sql`SELECT FROM verification_runs WHERE runner_digest = ${runner_digest} AND status IN ('pass', 'fail')`
      : sql`SELECT FROM rejudgements WHERE recall_id = ${recall_id} AND status = ANY(${[...statuses]}::text[])`,
  );
}

/** One of them, with what the other runner found in full. */
export async function findRecalledVerdict(
  db: Db,
  digest: string,
  runId: string,
): Promise<(RecalledVerdictRow & Pick<RejudgementRow, 'results'>) | undefined> {
  const { rows } = await sql<RecalledVerdictRow & Pick<RejudgementRow, 'results'>>`
    SELECT ${VERDICT}, anew.results FROM verification_runs run LEFT JOIN rejudgements anew USING (run_id) JOIN jobs job USING (job_id)
    WHERE run.run_id = ${runId} AND run.runner_digest = ${digest} AND run.status IN ('pass', 'fail')`.execute(
    db,
  );
  return rows[0];
}

/** Which of these runs gave a verdict by that runner, and whether what they judged is still there; in the order of their ids. */
export async function listRejudgeable(
  db: Db,
  digest: string,
  runIds: readonly string[],
): Promise<{ run_id: string; job_id: string; has_deliverable: boolean }[]> {
  const { rows } = await sql<{ run_id: string; job_id: string; has_deliverable: boolean }>`
    SELECT run.run_id, run.job_id, run.delivery = job.delivery_count AND job.result IS NOT NULL AS has_deliverable
    FROM verification_runs run JOIN jobs job USING (job_id)
    WHERE run.run_id = ANY(${[...runIds]}::uuid[]) AND run.runner_digest = ${digest} AND run.status IN ('pass', 'fail')
    ORDER BY run.run_id`.execute(db);
  return rows;
}

/**
 * Has verdicts judged anew. One that waits, or that has turned, is left alone; one that was the same or could not be judged is begun again.
 *
 * @returns those that are to be judged, with how often each was asked for.
 */
export async function askForRejudgements(
  trx: Tx,
  recallId: string,
  runIds: readonly string[],
  now: Date,
): Promise<{ run_id: string; asked: number }[]> {
  const { rows } = await sql<{ run_id: string; asked: number }>`
    INSERT INTO rejudgements (run_id, recall_id, status, asked, requested_at)
    SELECT run_id, ${recallId}, 'waiting', 1, ${now} FROM unnest(${[...runIds]}::uuid[]) AS run (run_id) ORDER BY run_id
    ON CONFLICT (run_id) DO UPDATE SET status = 'waiting', asked = rejudgements.asked + 1, errors = 0, requested_at = excluded.requested_at,
      verdict = NULL, results = NULL, summary = NULL, runner_version = NULL, runner_digest = NULL, reason = NULL, finished_at = NULL
      WHERE rejudgements.status IN ('same', 'unavailable')
    RETURNING run_id, asked`.execute(trx);
  return rows;
}

/** The new judgement of a verdict, locked until the transaction ends. Its job is locked first. */
export function lockRejudgement(trx: Tx, runId: string): Promise<RejudgementRow | undefined> {
  return trx
    .selectFrom('rejudgements')
    .selectAll()
    .where('run_id', '=', runId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export async function updateRejudgement(trx: Tx, runId: string, change: RejudgementChange): Promise<void> {
  await trx.updateTable('rejudgements').set(change).where('run_id', '=', runId).execute();
}

/** How many verdicts of a recall wait to be judged anew, counted no further than `limit`. */
export function countWaitingRejudgements(db: Db, recallId: string, limit: number): Promise<number> {
  const waiting = db
    .selectFrom('rejudgements')
    .select('run_id')
    .where('recall_id', '=', recallId)
    .where('status', '=', 'waiting');
  return countTo(db, limit, waiting);
}

/**
 * When the work on a delivery began, as the runner was told at the time: with the verdict on the delivery before it, or with the job's
 * start. Undefined where neither is known.
 */
export async function findWorkStart(db: Db, jobId: string, delivery: number): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    SELECT CASE WHEN ${delivery}::integer > 1
      THEN (SELECT finished_at FROM verification_runs WHERE job_id = ${jobId} AND delivery = ${delivery}::integer - 1)
      ELSE (SELECT min(created_at) FROM events WHERE job_id = ${jobId} AND type = 'job.started') END AS at`.execute(
    db,
  );
  return rows[0]?.at ?? undefined;
}

/** What a transfer, by its reference, moved on the account of each agent. */
export type AgentPosting = Pick<TransferRow, 'transfer_id' | 'kind' | 'created_at'> &
  Pick<PostingRow, 'amount'> & { owner_id: string };

/** What the transfer of this reference moved on agents' accounts. */
export async function listAgentPostings(db: Db, reference: string): Promise<AgentPosting[]> {
  const { rows } = await sql<AgentPosting>`
    SELECT transfer_id, transfers.kind, transfers.created_at, amount, owner_id FROM transfers JOIN postings USING (transfer_id) JOIN accounts USING (account_id)
    WHERE reference = ${reference} AND accounts.kind = 'agent'`.execute(db);
  return rows;
}

/** The new judgements of a job's verdicts. */
export function listRejudgementsOfJob(db: Db, jobId: string): Promise<RejudgementRow[]> {
  return db
    .selectFrom('rejudgements')
    .selectAll('rejudgements')
    .innerJoin('verification_runs as run', 'run.run_id', 'rejudgements.run_id')
    .where('run.job_id', '=', jobId)
    .orderBy('rejudgements.run_id')
    .execute();
}
