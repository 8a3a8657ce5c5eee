import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { JobEvidenceRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, paged } from './keyset.ts';

/** A piece of evidence without its content. */
export type EvidenceRow = Omit<JobEvidenceRow, 'content'> & { bytes: number };

const outline = (db: Db) =>
  db
    .selectFrom('job_evidence')
    .select(['evidence_id', 'job_id', 'agent_id', 'name', 'media_type', 'sha256', 'created_at'])
    .select(sql<number>`octet_length(content)`.as('bytes'));

export async function insertEvidence(trx: Tx, row: JobEvidenceRow): Promise<void> {
  await trx.insertInto('job_evidence').values(row).execute();
}

/** What the parties of a dispute have shown, oldest first. */
export function listEvidence(db: Db, jobId: string, page: KeysetPage): Promise<EvidenceRow[]> {
  return outline(db)
    .where('job_id', '=', jobId)
    .$call(paged('asc', 'created_at', 'evidence_id', page))
    .execute();
}

export function countEvidence(db: Db, jobId: string, limit: number): Promise<number> {
  return countTo(db, limit, db.selectFrom('job_evidence').select('evidence_id').where('job_id', '=', jobId));
}

export function findEvidence(
  db: Db,
  jobId: string,
  evidenceId: string,
): Promise<(EvidenceRow & { content: Buffer }) | undefined> {
  return outline(db)
    .select('content')
    .where('job_id', '=', jobId)
    .where('evidence_id', '=', evidenceId)
    .executeTakeFirst();
}
