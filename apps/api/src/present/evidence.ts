import { countEvidence, type Db, type EvidenceRow, findEvidence, listEvidence } from '@agent-registry/db';
import type { Evidence, PageRequest } from '@agent-registry/schemas';
import { existing } from '../existing.ts';
import { keysetPage } from '../page.ts';
import { time } from './time.ts';

/** A piece of evidence without its content. */
export function presentEvidence(row: EvidenceRow): Evidence {
  const { evidence_id, name, media_type, bytes, sha256, job_id, agent_id, created_at } = row;
  return { evidence_id, name, media_type, bytes, sha256, job_id, by: agent_id, created_at: time(created_at) };
}

/** What both parties have shown, a page of it. */
export function evidencePage(db: Db, jobId: string, request: PageRequest) {
  return keysetPage({
    name: 'evidence',
    request,
    rows: (page) => listEvidence(db, jobId, page),
    count: (limit) => countEvidence(db, jobId, limit),
    position: (row) => ({ at: row.created_at, id: row.evidence_id }),
    present: (rows) => rows.map(presentEvidence),
  });
}

/** A piece of evidence with its content. @throws RegistryError not_found. */
export async function showEvidence(db: Db, { job_id, evidence_id }: { job_id: string; evidence_id: string }) {
  const row = existing(await findEvidence(db, job_id, evidence_id), 'evidence');
  return { ...presentEvidence(row), content: row.content.toString('base64') };
}
