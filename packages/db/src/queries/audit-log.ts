import { sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type {
  JobRow,
  LogCheckpointRow,
  LogLeafRow,
  RecallRow,
  ReviewRow,
  VerificationRunRow,
} from '../tables/index.ts';

/** A job's runs with a verdict. */
export function listVerdicts(db: Db, jobId: string): Promise<VerificationRunRow[]> {
  return db
    .selectFrom('verification_runs')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('status', 'in', ['pass', 'fail'])
    .orderBy('delivery')
    .execute();
}

/** A job's reviews: two at most. */
export function listBothReviews(db: Db, jobId: string): Promise<ReviewRow[]> {
  return db.selectFrom('reviews').selectAll().where('job_id', '=', jobId).execute();
}

/** Agreed jobs after this one, in the order of their ids. */
export function listAgreedJobs(db: Db, after: string, limit: number): Promise<JobRow[]> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .where('job_id', '>', after)
    .where('agreed_at', 'is not', null)
    .orderBy('job_id')
    .limit(limit)
    .execute();
}

/** Every checkpoint, the smallest first. */
export function listCheckpoints(db: Db): Promise<LogCheckpointRow[]> {
  return db.selectFrom('log_checkpoints').selectAll().orderBy('size').execute();
}

/** Every node above the leaves. */
export function listLogNodes(db: Db) {
  return db.selectFrom('log_nodes').selectAll().orderBy('level').orderBy('node').execute();
}

/** Leaves about jobs that belong to none: what came back from the anchor, of which the ledger may know nothing. */
export function listLostLeaves(db: Db, limit: number): Promise<LogLeafRow[]> {
  return db
    .selectFrom('log_leaves')
    .selectAll()
    .where('job_id', 'is', null)
    .where('kind', 'in', ['terms', 'escrow_held', 'verdict', 'settlement', 'review'])
    .orderBy('entry_id')
    .limit(limit)
    .execute();
}

/** Agents that proved to hold another key than the newest that the log has of them. */
export async function listUnloggedKeys(
  db: Db,
  limit: number,
): Promise<{ agent_id: string; logged: string | null }[]> {
  const { rows } = await sql<{ agent_id: string; logged: string | null }>`
    SELECT agent_id, logged FROM agents, LATERAL (
      SELECT (SELECT convert_from(leaf, 'UTF8')::json ->> 'key' FROM log_leaves WHERE kind = 'key'
        AND subject >= agents.agent_id::text || ':' AND subject < agents.agent_id::text || ';' ORDER BY entry_id DESC LIMIT 1) AS logged) newest
    WHERE proven_at IS NOT NULL AND logged IS DISTINCT FROM public_key LIMIT ${limit}`.execute(db);
  return rows;
}

/** A recall and the leaf that says it: what is missing is null. */
export interface LoggedRecall {
  readonly recall: Pick<RecallRow, 'recall_id' | 'runner_digest' | 'reason' | 'verdicts'> | null;
  readonly leaf_id: string | null;
  readonly leaf: Buffer | null;
}

/** Recalls and the leaves that say each of them. */
export async function listLoggedRecalls(db: Db, limit: number): Promise<LoggedRecall[]> {
  const { rows } = await sql<LoggedRecall>`
    SELECT CASE WHEN recall_id IS NOT NULL THEN to_jsonb(recalls) END AS recall, leaf_id, leaf FROM recalls
    FULL JOIN (SELECT * FROM log_leaves WHERE kind = 'recall' AND job_id IS NULL) said ON subject = recall_id::text LIMIT ${limit}`.execute(
    db,
  );
  return rows;
}
