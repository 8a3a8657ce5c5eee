import type { JobStatus } from '@agent-registry/schemas';
import { sql } from 'kysely';
import { compileByMembers, compileOnce } from '../compile-once.ts';
import type { Db, Tx } from '../create-db.ts';
import type { JobChange, JobRow, NegotiationEntryRow, NewJob } from '../tables/index.ts';

export function findJob(db: Db, jobId: string): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('job_id', '=', jobId).executeTakeFirst();
}

/** A job, locked until the transaction ends: every change of a job begins here. */
export async function lockJob(trx: Tx, jobId: string): Promise<JobRow | undefined> {
  const [job] = await selectJobLocked(trx, jobId);
  return job;
}

const selectJobLocked = compileOnce((db, jobId: string) =>
  db.selectFrom('jobs').selectAll().where('job_id', '=', jobId).forNoKeyUpdate(),
);

/** Lets a client's proposals happen one after another until the transaction ends, so that they can be counted. */
export async function lockProposals(trx: Tx, clientId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${clientId}, 7141))`.execute(trx);
}

/** A client's jobs in these states, counted no further than `limit`: in all, and to one seller. */
export async function countOpenProposals(
  trx: Tx,
  parties: { clientId: string; sellerId: string },
  statuses: readonly JobStatus[],
  limit: number,
): Promise<{ all: number; toSeller: number }> {
  const { rows } = await sql<{ all: number; toSeller: number }>`
    SELECT count(*)::integer AS "all", (count(*) FILTER (WHERE seller_agent_id = ${parties.sellerId}))::integer AS "toSeller"
    FROM (SELECT seller_agent_id FROM jobs
      WHERE client_agent_id = ${parties.clientId} AND status = ANY(${[...statuses]}) LIMIT ${limit}) AS open`.execute(
    trx,
  );
  return rows[0]!;
}

export const insertJob: (trx: Tx, job: NewJob) => Promise<unknown> = compileByMembers((db, job: NewJob) =>
  db.insertInto('jobs').values(job),
);

export const updateJob: (trx: Tx, change: JobChange, jobId: string) => Promise<unknown> = compileByMembers(
  (db, change: JobChange, jobId: string) => db.updateTable('jobs').set(change).where('job_id', '=', jobId),
);

export function listNegotiationEntries(db: Db, jobIds: readonly string[]): Promise<NegotiationEntryRow[]> {
  const [jobId] = jobIds;
  if (jobId === undefined) return Promise.resolve([]);
  // Of an array Postgres guesses ten elements, and for one job would plan anew each time.
  return jobIds.length === 1 ? entriesOfJob(db, jobId) : entriesOfJobs(db, jobIds);
}

const entriesOfJob = compileOnce((db, jobId: string) => entriesIn(db).where('job_id', '=', jobId));
const entriesOfJobs = compileOnce((db, jobIds: readonly string[]) =>
  entriesIn(db).where('job_id', '=', sql<string>`ANY(${jobIds}::uuid[])`),
);

function entriesIn(db: Db) {
  return db.selectFrom('negotiation_entries').selectAll().orderBy('job_id').orderBy('seq');
}

/** Jobs of an agent in these states, locked in the order of their ids until the transaction ends. */
export function lockJobsOf(
  trx: Tx,
  agentId: string,
  statuses: readonly JobStatus[],
  limit: number,
): Promise<JobRow[]> {
  return trx
    .selectFrom('jobs')
    .selectAll()
    .where((eb) => eb.or([eb('client_agent_id', '=', agentId), eb('seller_agent_id', '=', agentId)]))
    .where('status', '=', sql<JobStatus>`ANY(${[...statuses]}::text[])`)
    .orderBy('job_id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
}

type NewNegotiationEntry = Omit<NegotiationEntryRow, 'entry_bytes'>;

export const insertNegotiationEntry: (trx: Tx, entry: NewNegotiationEntry) => Promise<unknown> =
  compileByMembers((db, entry: NewNegotiationEntry) => db.insertInto('negotiation_entries').values(entry));
