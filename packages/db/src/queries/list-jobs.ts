import type { JobRole, JobStatus } from '@agent-registry/schemas';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type { JobRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, paged, past, skipped } from './keyset.ts';

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

/** Bytes of documents that one page of jobs holds, unless one job alone has more: the answer with its other members is under 8 MiB. */
const PAGE_DOCUMENTS_MAX = 7_340_032;

/** A page of jobs, cut short where their documents would be too much for one answer. */
export interface JobPage {
  readonly rows: readonly JobRow[];
  readonly cut: boolean;
}

/** Reads the jobs of a page whose ids are known, in this order, until their documents are too many. */
async function readJobs(db: Db, ids: RawBuilder<unknown>, order: RawBuilder<unknown>): Promise<JobPage> {
  const { rows } = await sql<JobRow & { place: bigint; documents_through: bigint; wanted: bigint }>`
    WITH ids AS (${ids}), measured AS (
      SELECT job_id, count(*) OVER () AS wanted, row_number() OVER (ORDER BY ${order}) AS place, sum(
        coalesce(documents_bytes, coalesce(octet_length(result::text), 0) + coalesce(octet_length(requirements::text), 0)
          + coalesce(octet_length(acceptance_criteria::text), 0))
        + (SELECT coalesce(sum(coalesce(entry_bytes, octet_length(entry::text))), 0)
           FROM negotiation_entries n WHERE n.job_id = jobs.job_id)
      ) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING)::bigint AS documents_through
      FROM ids JOIN jobs USING (job_id))
    SELECT jobs.*, wanted, place, documents_through FROM measured JOIN jobs USING (job_id)
    WHERE place = 1 OR documents_through <= ${PAGE_DOCUMENTS_MAX} ORDER BY ${order}`.execute(db);
  return {
    rows: rows.map(({ documents_through: _, wanted: __, place: ___, ...row }) => row),
    cut: BigInt(rows.length) < (rows[0]?.wanted ?? 0n),
  };
}

/** An agent's jobs, newest first. Each role has its index, so each is read in order and the two are merged. */
export function listJobsOf(db: Db, filter: JobFilter, page: KeysetPage): Promise<JobPage> {
  const parts = columnsOf(filter.role).map(
    (column) =>
      sql`(${ofParty(db, column, filter)
        .select(['job_id', 'created_at'])
        .where(past('desc', 'created_at', 'job_id', page.after))
        .orderBy('created_at', 'desc')
        .orderBy('job_id', 'desc')
        .limit(page.limit + skipped(page))})`,
  );
  const ids = sql`
    SELECT job_id FROM (${sql.join(parts, sql` UNION ALL `)}) AS both_roles
    ORDER BY created_at DESC, job_id DESC LIMIT ${page.limit} OFFSET ${skipped(page)}`;
  return readJobs(db, ids, sql`jobs.created_at DESC, jobs.job_id DESC`);
}

export async function countJobsOf(db: Db, filter: JobFilter, limit: number): Promise<number> {
  const parts = columnsOf(filter.role).map(
    (column) => sql`(${ofParty(db, column, filter).select('job_id').limit(limit)})`,
  );
  return countTo(db, limit, sql`SELECT * FROM (${sql.join(parts, sql` UNION ALL `)}) AS found`);
}

/** Everybody's jobs in one state, the one that has waited longest first. */
export function listJobsByStatus(db: Db, status: JobStatus, page: KeysetPage): Promise<JobPage> {
  const ids = sql`${db
    .selectFrom('jobs')
    .select('job_id')
    .where('status', '=', status)
    .$call(paged('asc', 'updated_at', 'job_id', page))}`;
  return readJobs(db, ids, sql`jobs.updated_at, jobs.job_id`);
}

export function countJobsByStatus(db: Db, status: JobStatus, limit: number): Promise<number> {
  // In the list's order, so that the list's index answers: without one, Postgres would rather read the table from its start.
  return countTo(
    db,
    limit,
    db
      .selectFrom('jobs')
      .select('job_id')
      .where('status', '=', status)
      .orderBy('updated_at')
      .orderBy('job_id'),
  );
}
