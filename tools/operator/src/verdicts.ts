import { type Db, listRunsOfRunner, type VerificationRunRow } from '@agent-registry/db';
import type { Report } from './report.ts';

const PAGE = 500;

/** The verdicts that one build of the test-runner gave: those that a defect found in it may have touched. */
export async function inspectVerdicts(db: Db, digest: string): Promise<Report> {
  const lines: string[] = [];
  for (let after: string | null = null; ; ) {
    const runs = await listRunsOfRunner(db, digest, { after, limit: PAGE });
    lines.push(...runs.map(describe));
    if (runs.length < PAGE) break;
    after = runs.at(-1)!.run_id;
  }
  return { lines: [`${lines.length} verdicts by runner ${digest}`, ...lines], faults: 0 };
}

function describe(run: VerificationRunRow): string {
  const when = run.finished_at?.toISOString() ?? 'not acted on yet';
  const clock = run.deterministic === false ? ', ended by a clock' : '';
  return `  job ${run.job_id}, delivery ${run.delivery}: ${run.status}, ${when}, runner ${run.runner_version}${clock}`;
}
