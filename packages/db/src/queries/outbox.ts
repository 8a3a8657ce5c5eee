import type { OutboxKind } from '@agent-registry/schemas';
import { sql } from 'kysely';
import { compileOnce } from '../compile-once.ts';
import type { Db, Tx } from '../create-db.ts';
import type { OutboxRow } from '../tables/index.ts';

/** How long something may be overdue before the sweep takes it up. */
export const OVERDUE_MS = 15_000;
/**
 * What is due later than this from now gets its task from the sweep, this long before it is due, so that what a job no longer wants
 * by then costs no task. The sweep runs each minute: all is on time through an outage of it, or of Cloud Tasks, of 59 minutes.
 */
export const TASK_LEAD_MS = 3_600_000;
/** The longest the sweep leaves an entry alone between two tasks. */
const SWEEP_BACKOFF_MAX_MS = 600_000;
/** While runs are given turns, only so many of those that wait for their first get another task: any task takes the next. */
const SWEPT_RUNS_MAX = 100;
/** No turn has begun for this long: the tasks are lost, and not queued. */
const TURNS_STOPPED_MS = 300_000;

export interface OutboxName {
  readonly kind: OutboxKind;
  readonly subject: string;
  readonly cycle: number;
  readonly attempt: number;
}

const named = ({ kind, subject, cycle, attempt }: OutboxName) => ({ kind, subject, cycle, attempt });

/** Takes an entry off: what it stood for has happened, or is no longer wanted. */
export async function deleteOutbox(trx: Tx, name: OutboxName): Promise<boolean> {
  const deleted = await deleteNamed(trx, name.kind, name.subject, name.cycle, name.attempt);
  return deleted.length > 0;
}

const deleteNamed = compileOnce((db, kind: OutboxKind, subject: string, cycle: number, attempt: number) =>
  db
    .deleteFrom('outbox')
    .where((eb) => eb.and({ kind, subject, cycle, attempt }))
    .returning('outbox_id'),
);

/** Takes off every entry of a subject, such as the attempts of a delivery that ended. */
export async function deleteOutboxOf(trx: Tx, kind: OutboxKind, subject: string): Promise<void> {
  await trx.deleteFrom('outbox').where('kind', '=', kind).where('subject', '=', subject).execute();
}

/** Has the sweep leave every entry of a subject alone until then: a worker has its lease for so long. */
export async function leaveOutbox(trx: Tx, kind: OutboxKind, subject: string, until: Date): Promise<void> {
  await trx
    .updateTable('outbox')
    .set({ check_at: until })
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .execute();
}

export function findOutbox(db: Db, name: OutboxName): Promise<OutboxRow | undefined> {
  return db
    .selectFrom('outbox')
    .selectAll()
    .where((eb) => eb.and(named(name)))
    .executeTakeFirst();
}

/** A new generation for an entry whose task came too early, as where its time was moved. */
export function renewOutbox(trx: Tx, name: OutboxName): Promise<OutboxRow | undefined> {
  return trx
    .updateTable('outbox')
    .set((eb) => ({ generation: eb('generation', '+', 1) }))
    .where((eb) => eb.and(named(name)))
    .returningAll()
    .executeTakeFirst();
}

/**
 * Takes up to `limit` entries whose time to be looked at has come under a new generation, skipping those another sweep holds. One
 * that is due later is left alone until 15 s after that; one that is overdue for 15 s at first, then twice as long each time:
 * for as long as it has been overdue, at most, so that one which was moved often before it was lost is not left alone as if it
 * had been lost often. What waits in a long queue is not lost, and a second task would make the queue longer: webhooks are
 * taken only when they are later than their queue is by `lagMs`, and of a backlog of runs the oldest.
 */
export async function sweepOutbox(trx: Tx, now: Date, limit: number, lagMs = 0): Promise<OutboxRow[]> {
  const late = new Date(now.getTime() - lagMs);
  const { rows } = await sql<OutboxRow>`
    UPDATE outbox SET
      generation = generation + 1,
      check_at = greatest(due_at, ${now}::timestamptz) + least(
        ${SWEEP_BACKOFF_MAX_MS}::float8,
        ${OVERDUE_MS}::float8 * 2 ^ least(generation, 10),
        greatest(${OVERDUE_MS}::float8, extract(epoch FROM ${now}::timestamptz - due_at) * 1000)
      ) * interval '1 millisecond'
    WHERE outbox_id = ANY(ARRAY(
      SELECT outbox_id FROM outbox
      WHERE check_at <= ${now} AND (kind <> 'webhook' OR check_at <= ${late})
        AND NOT EXISTS (SELECT FROM verification_runs
          WHERE run_id = CASE WHEN kind = 'verification' THEN subject::uuid END
            AND status = 'pending' AND turn_started_at IS NULL AND delivered_at > (${lastSweptRun(now)}))
      ORDER BY check_at LIMIT ${limit} FOR UPDATE SKIP LOCKED))
    RETURNING *`.execute(trx);
  return rows;
}

/** When the SWEPT_RUNS_MAX-th of the runs that wait for their first turn was delivered; none once turns have stopped. */
const lastSweptRun = (now: Date) => sql`
  SELECT delivered_at FROM verification_runs
  WHERE status = 'pending' AND turn_started_at IS NULL
    AND (SELECT max(turn_started_at) FROM verification_runs) > ${new Date(now.getTime() - TURNS_STOPPED_MS)}
  ORDER BY delivered_at OFFSET ${SWEPT_RUNS_MAX - 1} LIMIT 1`;

/** Lets the next sweep take these entries again at once: their tasks could not be created. */
export async function returnToSweep(trx: Tx, outboxIds: readonly string[], checkAt: Date): Promise<void> {
  if (outboxIds.length === 0) return;
  await trx
    .updateTable('outbox')
    .set({ check_at: checkAt })
    .where('outbox_id', '=', sql<string>`ANY(${[...outboxIds]}::uuid[])`)
    .execute();
}
