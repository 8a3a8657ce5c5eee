import type { JobRole, JobStatus } from '@agent-registry/schemas';
import { sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type { JobRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, past, skipped } from './keyset.ts';

export interface JobFilter {
  readonly agentId: string;
  /** Null is both. */
  readonly role: JobRole | null;
  readonly status: JobStatus | null;
}

function ofParty(db: Db, column: 'client_agent_id' | 'seller_agent_id', filter: JobFilter) {
  return db
    .selectFrom('jobs')
    .where(column, '=', filter.agentId)
    .$if(filter.status !== null, (query) => query.where('status', '=', filter.status!));
}

function columnsOf(role: JobRole | null): ('client_agent_id' | 'seller_agent_id')[] {
  if (role === null) return ['client_agent_id', 'seller_agent_id'];
  return role === 'client' ? ['client_agent_id'] : ['seller_agent_id'];
}

/** An agent's jobs, newest first. Each role has its index, so each is read in order and the two are merged. */
export async function listJobsOf(db: Db, filter: JobFilter, page: KeysetPage): Promise<JobRow[]> {
  const parts = columnsOf(filter.role).map(
    (column) =>
      sql`(${ofParty(db, column, filter)
        .select(['job_id', 'created_at'])
        .where(past('desc', 'created_at', 'job_id', page.after))
        .orderBy('created_at', 'desc')
        .orderBy('job_id', 'desc')
        .limit(page.limit + skipped(page))})`,
  );
  const { rows } = await sql<JobRow>`
    SELECT jobs.* FROM (
      SELECT job_id FROM (${sql.join(parts, sql` UNION ALL `)}) AS both_roles ORDER BY created_at DESC, job_id DESC
      LIMIT ${page.limit} OFFSET ${skipped(page)}) AS wanted
    JOIN jobs USING (job_id) ORDER BY jobs.created_at DESC, jobs.job_id DESC`.execute(db);
  return rows;
}

export async function countJobsOf(db: Db, filter: JobFilter, limit: number): Promise<number> {
  const parts = columnsOf(filter.role).map(
    (column) => sql`(${ofParty(db, column, filter).select('job_id').limit(limit)})`,
  );
  return countTo(db, limit, sql`SELECT * FROM (${sql.join(parts, sql` UNION ALL `)}) AS found`);
}

/** Everybody's jobs in one state, the one that has waited longest first. */
export function listJobsByStatus(db: Db, status: JobStatus, page: KeysetPage): Promise<JobRow[]> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .where('status', '=', status)
    .where(past('asc', 'updated_at', 'job_id', page.after))
    .orderBy('updated_at')
    .orderBy('job_id')
    .limit(page.limit)
    .offset(skipped(page))
    .execute();
}

export function countJobsByStatus(db: Db, status: JobStatus, limit: number): Promise<number> {
  return countTo(db, limit, db.selectFrom('jobs').select('job_id').where('status', '=', status));
}
