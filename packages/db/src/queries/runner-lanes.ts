import type { JobRole } from '@agent-registry/schemas';
import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { VerificationRunRow } from '../tables/index.ts';

/** Bounds of what one look reads: beyond them the shares are a little off, and nothing else. */
const LANES_MAX = 1_000;
const TURNS_MAX = 5_000;
/** A run that was given back unjudged is taken again after as long as it has been tried for, between these. */
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 300_000;

/** The runs that had a turn since then, the latest first. */
const turnsSince = (since: Date) => sql`(
  SELECT * FROM verification_runs WHERE turn_started_at > ${since} ORDER BY turn_started_at DESC LIMIT ${TURNS_MAX})`;

/** Makes claims of runs wait for one another until the transaction ends, so that each sees the turns that were given before. */
export async function lockRunnerTurns(trx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(7146)`.execute(trx);
}

/** The run that a lane would have judged next, delivered at `since`. */
export interface WaitingRun {
  readonly lane: string;
  readonly runId: string;
  readonly since: Date;
}

export interface TurnWindow {
  /** Runs that had a turn before this are left to their own tasks. */
  readonly since: Date;
  readonly now: Date;
  /** The run whose task asks: it waits for no retry's time. */
  readonly ownRunId: string;
}

/**
 * Of each lane in which one waits, the run that was delivered first: of those that have had no turn, those whose time for a
 * retry has come, and those whose worker's lease has run out.
 */
export async function listWaitingRuns(
  db: Db,
  { since, now, ownRunId }: TurnWindow,
): Promise<readonly WaitingRun[]> {
  const leaseIsOver = sql`status = 'running' AND (lease_until IS NULL OR lease_until <= ${now}::timestamptz)`;
  const { rows } = await sql<WaitingRun>`
    SELECT DISTINCT ON (lane) lane, run_id AS "runId", delivered_at AS since
    FROM (
      SELECT lane, run_id, delivered_at FROM verification_runs WHERE status = 'pending' AND turn_started_at IS NULL
      UNION ALL
      SELECT lane, run_id, delivered_at FROM ${turnsSince(since)} turn
      WHERE run_id <> ${ownRunId} AND fail_settles_at IS NULL AND (${leaseIsOver}
        OR status = 'pending' AND turn_ended_at + greatest(${RETRY_MIN_MS}::float8, least(${RETRY_MAX_MS}::float8,
          extract(epoch FROM turn_ended_at - started_at) * 1000)) * interval '1 millisecond' <= ${now}::timestamptz)
      UNION ALL
      SELECT lane, run_id, delivered_at FROM verification_runs
      WHERE run_id = ${ownRunId} AND turn_started_at IS NOT NULL AND fail_settles_at IS NULL
        AND (status = 'pending' OR ${leaseIsOver})
    ) waiting
    ORDER BY lane, delivered_at, run_id <> ${ownRunId}, run_id
    LIMIT ${LANES_MAX}`.execute(db);
  return rows;
}

/** A run whose FAIL is recorded and whose time to be acted on has come; the one that waits longest. */
export async function findDueFail(db: Db, { since, now, ownRunId }: TurnWindow): Promise<string | undefined> {
  const { rows } = await sql<Pick<VerificationRunRow, 'run_id'>>`
    SELECT run_id FROM (
      SELECT run_id, status, fail_settles_at FROM ${turnsSince(since)} turn
      UNION ALL SELECT run_id, status, fail_settles_at FROM verification_runs WHERE run_id = ${ownRunId}
    ) run
    WHERE status = 'running' AND fail_settles_at <= ${now}
    ORDER BY fail_settles_at LIMIT 1`.execute(db);
  return rows[0]?.run_id;
}

export interface LaneUseRow {
  readonly lane: string;
  readonly usedMs: number;
  readonly lastTurnAt: Date;
}

/** What each lane has had of the runner since `since`: milliseconds of its runs, those under way included. */
export async function listLaneUse(db: Db, since: Date, now: Date): Promise<LaneUseRow[]> {
  const { rows } = await sql<LaneUseRow>`
    SELECT lane, max(turn_started_at) AS "lastTurnAt",
      sum(runner_ms + CASE WHEN status = 'running' AND fail_settles_at IS NULL
        THEN extract(epoch FROM ${now}::timestamptz - turn_started_at) * 1000 ELSE 0 END)::float8 AS "usedMs"
    FROM ${turnsSince(since)} turn
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
  const columns = as === 'client' ? (['client'] as const) : (['client', 'seller'] as const);
  const paid = columns.map((role) => jobsThatPaidFees(role, agentId, since));
  const { rows } = await sql`${sql.join(paid, sql` UNION ALL `)} LIMIT 1`.execute(db);
  return rows.length > 0;
}

/** Jobs of this agent's, in that role, that have paid the platform a fee since then: no columns. */
export const jobsThatPaidFees = (role: JobRole, agentId: string, since: Date) => sql`
  SELECT FROM jobs JOIN transfers USING (job_id) JOIN postings USING (transfer_id) JOIN accounts USING (account_id)
  WHERE jobs.${sql.ref(`${role}_agent_id`)} = ${agentId} AND jobs.seller_share > 0 AND jobs.settled_at > ${since}
    AND accounts.kind = 'fees'`;
