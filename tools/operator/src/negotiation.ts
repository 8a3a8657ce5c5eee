import { type Db, listNegotiationEntries } from '@agent-registry/db';
import { negotiationFault } from '@agent-registry/operations';
import type { Report } from './report.ts';

/** Negotiations checked in one query. */
const BATCH = 500;

/** Checks the hash chain of one negotiation log, or of every one: whether anybody rewrote who offered what. */
export async function inspectNegotiation(db: Db, jobId?: string): Promise<Report> {
  if (jobId !== undefined) return inspectBatch(db, [jobId]);
  const lines: string[] = [];
  let faults = 0;
  let checked = 0;
  let after: string | null = null;
  for (;;) {
    const jobs = await listJobIds(db, after);
    if (jobs.length === 0) break;
    const report = await inspectBatch(db, jobs);
    lines.push(...report.lines.filter((line) => !line.endsWith('the chain holds')));
    faults += report.faults;
    checked += jobs.length;
    after = jobs.at(-1) ?? null;
  }
  return { lines: [...lines, `${checked} negotiations checked, ${faults} broken`], faults };
}

async function listJobIds(db: Db, after: string | null): Promise<string[]> {
  const rows = await db
    .selectFrom('jobs')
    .select('job_id')
    .$if(after !== null, (query) => query.where('job_id', '>', after!))
    .orderBy('job_id')
    .limit(BATCH)
    .execute();
  return rows.map((row) => row.job_id);
}

async function inspectBatch(db: Db, jobIds: readonly string[]): Promise<Report> {
  const entries = await listNegotiationEntries(db, jobIds);
  const byJob = Map.groupBy(entries, (entry) => entry.job_id);
  let faults = 0;
  const lines = jobIds.map((jobId) => {
    const steps = byJob.get(jobId) ?? [];
    const fault = steps.length === 0 ? 'there is no such negotiation' : negotiationFault(steps);
    if (fault !== null) faults += 1;
    return fault === null ? `${jobId}: ${steps.length} steps, the chain holds` : `${jobId}: ${fault}`;
  });
  return { lines, faults };
}
