import type pg from 'pg';
import { median } from './statistics.ts';
import { number } from './table.ts';

/** A verdict as its client saw it: when the delivery was sent, and when the answer that it passed came; ms since 1970. */
export interface SeenVerdict {
  readonly jobId: string;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/** Where the time of a verdict goes, ms each. The registry's own moments are those at which its transactions begin. */
export interface VerdictHops {
  /** From the socket to the transaction that delivers: the signature, the nonces. */
  readonly admitted: number;
  /** Through commit, task and claim. */
  readonly claimed: number;
  /** In the test-runner, and on the way to it and back. */
  readonly judged: number;
  /** Through settling, wake-up and answer. */
  readonly answered: number;
}

const MOMENTS = `
  SELECT job_id, (extract(epoch FROM delivered_at) * 1000)::float8 AS delivered,
    (extract(epoch FROM started_at) * 1000)::float8 AS started, (extract(epoch FROM finished_at) * 1000)::float8 AS finished
  FROM verification_runs WHERE job_id = ANY($1)`;

/** The hops of verdicts, read from the rows of their runs. */
export async function readHops(db: pg.Client, seen: readonly SeenVerdict[]): Promise<VerdictHops[]> {
  const { rows } = await db.query<{ job_id: string; delivered: number; started: number; finished: number }>(
    MOMENTS,
    [seen.map(({ jobId }) => jobId)],
  );
  const byJob = new Map(rows.map((row) => [row.job_id, row]));
  return seen.flatMap(({ jobId, sentAtMs, answeredAtMs }) => {
    const run = byJob.get(jobId);
    if (run === undefined) return [];
    return [
      {
        admitted: run.delivered - sentAtMs,
        claimed: run.started - run.delivered,
        judged: run.finished - run.started,
        answered: answeredAtMs - run.finished,
      },
    ];
  });
}

/** The median of each hop, in words. */
export function tellHops(hops: readonly VerdictHops[]): string {
  const p50 = (name: keyof VerdictHops) => number(median(hops.map((hop) => hop[name])));
  return `p50 ms: admitted ${p50('admitted')}, claimed ${p50('claimed')}, judged ${p50('judged')}, answered ${p50('answered')}`;
}
