import {
  type Db,
  findRecallOfRunner,
  listRecalledVerdicts,
  listRunsOfRunner,
  type VerificationRunRow,
} from '@agent-registry/db';
import type { Report } from './report.ts';

const PAGE = 500;
/** What is known of a verdict since another runner was asked. */
const SINCE = {
  waiting: 'is to be judged anew',
  running: 'is judged anew',
  same: 'the same when judged anew',
  turned: 'TURNED when judged anew, an open case',
  closed: 'turned when judged anew, a closed case',
  unavailable: 'cannot be judged anew',
} as const;

/** The verdicts that one build of the test-runner gave: those that a defect found in it may have touched, and what a recall made of them. */
export async function inspectVerdicts(db: Db, digest: string): Promise<Report> {
  const recall = await findRecallOfRunner(db, digest);
  const lines: string[] = [];
  for (let after: string | null = null; ; ) {
    const runs = await listRunsOfRunner(db, digest, { after, limit: PAGE });
    const since = recall === undefined ? new Map() : await readSince(db, recall, after);
    lines.push(...runs.map((run) => describe(run) + (since.get(run.run_id) ?? '')));
    if (runs.length < PAGE) break;
    after = runs.at(-1)!.run_id;
  }
  const recalled =
    recall === undefined
      ? ''
      : `, recalled on ${recall.created_at.toISOString()} as ${recall.recall_id}: ${recall.reason}`;
  return { lines: [`${lines.length} verdicts by runner ${digest}${recalled}`, ...lines], faults: 0 };
}

async function readSince(
  db: Db,
  recall: { recall_id: string; runner_digest: string; created_at: Date },
  after: string | null,
): Promise<Map<string, string>> {
  const place = after === null ? null : { at: recall.created_at, id: after };
  const rows = await listRecalledVerdicts(db, recall, null, { limit: PAGE, offset: 0, after: place });
  return new Map(
    rows.flatMap(({ run_id: id, status }) => (status === null ? [] : [[id, `; ${SINCE[status]}`] as const])),
  );
}

function describe(run: VerificationRunRow): string {
  const when = run.finished_at?.toISOString() ?? 'not acted on yet';
  const clock = run.deterministic === false ? ', ended by a clock' : '';
  return `  job ${run.job_id}, delivery ${run.delivery}: ${run.status}, ${when}, runner ${run.runner_version}${clock}`;
}
