import { sql } from 'kysely';
import type { Db } from '../create-db.ts';

/** Bounds of what one look reads: beyond them the shares are a little off, and nothing else. */
const LANES_MAX = 1_000;
const TURNS_MAX = 5_000;

/** The lanes in which a run waits for its first turn, and since when the oldest does. */
export function listWaitingLanes(db: Db): Promise<{ lane: string; since: Date }[]> {
  return db
    .selectFrom('verification_runs')
    .select((eb) => ['lane', eb.fn.min('delivered_at').as('since')])
    .where('status', '=', 'pending')
    .where('turn_started_at', 'is', null)
    .groupBy('lane')
    .limit(LANES_MAX)
    .execute();
}

export interface LaneUseRow {
  readonly lane: string;
  readonly usedMs: number;
  readonly lastTurnAt: Date;
  /** When a turn of the lane last began or ended. */
  readonly lastChangeAt: Date;
}

/** What each lane has had of the runner since `since`: milliseconds of its runs, those under way included. */
export async function listLaneUse(db: Db, since: Date, now: Date): Promise<LaneUseRow[]> {
  const { rows } = await sql<LaneUseRow>`
    SELECT lane, max(turn_started_at) AS "lastTurnAt", max(greatest(turn_started_at, turn_ended_at)) AS "lastChangeAt",
      sum(runner_ms + CASE WHEN status = 'running' AND fail_settles_at IS NULL
        THEN extract(epoch FROM ${now}::timestamptz - turn_started_at) * 1000 ELSE 0 END)::float8 AS "usedMs"
    FROM (SELECT * FROM verification_runs WHERE turn_started_at > ${since} ORDER BY turn_started_at DESC LIMIT ${TURNS_MAX}) turn
    GROUP BY lane`.execute(db);
  return rows;
}

/** Whether a job of this agent, as its client or as either party, has paid the platform a fee since then. */
export async function hasPaidFees(
  db: Db,
  agentId: string,
  since: Date,
  as: 'client' | 'party' = 'client',
): Promise<boolean> {
  // One SELECT for each column, since each has an index of its own.
  const columns = as === 'client' ? ['client_agent_id'] : ['client_agent_id', 'seller_agent_id'];
  const paid = columns.map(
    (column) => sql`
      SELECT FROM jobs JOIN transfers USING (job_id) JOIN postings USING (transfer_id) JOIN accounts USING (account_id)
      WHERE jobs.${sql.ref(column)} = ${agentId} AND jobs.seller_share > 0 AND jobs.settled_at > ${since}
        AND accounts.kind = 'fees'`,
  );
  const { rows } = await sql`${sql.join(paid, sql` UNION ALL `)} LIMIT 1`.execute(db);
  return rows.length > 0;
}
