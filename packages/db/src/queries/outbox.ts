import type { OutboxKind } from '@agent-registry/schemas';
import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { OutboxRow } from '../tables/index.ts';

/** How long something may be overdue before the sweep takes it up. */
export const OVERDUE_MS = 15_000;
/** The longest the sweep leaves an entry alone between two alarms. */
const SWEEP_BACKOFF_MAX_MS = 600_000;

export interface OutboxEntry {
  readonly outboxId: string;
  readonly kind: OutboxKind;
  readonly subject: string;
  readonly cycle: number;
  readonly attempt: number;
  readonly jobId: string | null;
  readonly dueAt: Date;
  readonly now: Date;
}

/**
 * Notes that something must happen at `dueAt`. If the entry is there with another time, it moves, under a new
 * generation, so that the alarm set for the old time finds nothing to do. Returns null when nothing changed.
 */
export function putOutbox(trx: Tx, entry: OutboxEntry): Promise<OutboxRow | undefined> {
  return trx
    .insertInto('outbox')
    .values({
      outbox_id: entry.outboxId,
      kind: entry.kind,
      subject: entry.subject,
      cycle: entry.cycle,
      attempt: entry.attempt,
      job_id: entry.jobId,
      due_at: entry.dueAt,
      check_at: new Date(entry.dueAt.getTime() + OVERDUE_MS),
      created_at: entry.now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'subject', 'cycle', 'attempt'])
        .doUpdateSet((eb) => ({
          due_at: eb.ref('excluded.due_at'),
          check_at: eb.ref('excluded.check_at'),
          generation: sql<number>`outbox.generation + 1`,
        }))
        .where((eb) => eb('outbox.due_at', '<>', eb.ref('excluded.due_at'))),
    )
    .returningAll()
    .executeTakeFirst();
}

export interface OutboxName {
  readonly kind: OutboxKind;
  readonly subject: string;
  readonly cycle: number;
  readonly attempt: number;
}

/** Takes an entry off: what it stood for has happened, or is no longer wanted. */
export async function deleteOutbox(trx: Tx, name: OutboxName): Promise<boolean> {
  const result = await trx
    .deleteFrom('outbox')
    .where('kind', '=', name.kind)
    .where('subject', '=', name.subject)
    .where('cycle', '=', name.cycle)
    .where('attempt', '=', name.attempt)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Takes off every entry of a subject, such as the attempts of a delivery that ended. */
export async function deleteOutboxOf(trx: Tx, kind: OutboxKind, subject: string): Promise<void> {
  await trx.deleteFrom('outbox').where('kind', '=', kind).where('subject', '=', subject).execute();
}

export function findOutbox(db: Db, name: OutboxName): Promise<OutboxRow | undefined> {
  return db
    .selectFrom('outbox')
    .selectAll()
    .where('kind', '=', name.kind)
    .where('subject', '=', name.subject)
    .where('cycle', '=', name.cycle)
    .where('attempt', '=', name.attempt)
    .executeTakeFirst();
}

export function listOutboxByIds(db: Db, outboxIds: readonly string[]): Promise<OutboxRow[]> {
  if (outboxIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('outbox')
    .selectAll()
    .where('outbox_id', 'in', [...outboxIds])
    .execute();
}

export function listTimers(trx: Tx, jobId: string): Promise<OutboxRow[]> {
  return trx
    .selectFrom('outbox')
    .selectAll()
    .where('kind', '=', 'timer')
    .where('job_id', '=', jobId)
    .execute();
}

/** A new generation for an entry whose alarm rang too early, as one beyond the horizon does. */
export function renewOutbox(trx: Tx, outboxId: string): Promise<OutboxRow | undefined> {
  return trx
    .updateTable('outbox')
    .set((eb) => ({ generation: eb('generation', '+', 1) }))
    .where('outbox_id', '=', outboxId)
    .returningAll()
    .executeTakeFirst();
}

/**
 * Takes up to `limit` overdue entries under a new generation, skipping those another sweep holds, and leaves each alone
 * for 15 s at first, then twice as long each time: for as long as it has been overdue, at most, so that one which was moved
 * often before it was lost is not left alone as if it had been lost often. Webhooks are taken only when they are later than their queue is by
 * `lagMs`: what waits in a long queue is not lost, and a second task would make the queue longer.
 */
export async function sweepOutbox(trx: Tx, now: Date, limit: number, lagMs = 0): Promise<OutboxRow[]> {
  const late = new Date(now.getTime() - lagMs);
  const { rows } = await sql<OutboxRow>`
    UPDATE outbox SET
      generation = generation + 1,
      check_at = ${now}::timestamptz + least(
        ${SWEEP_BACKOFF_MAX_MS}::float8,
        ${OVERDUE_MS}::float8 * 2 ^ least(generation, 10),
        greatest(${OVERDUE_MS}::float8, extract(epoch FROM ${now}::timestamptz - due_at) * 1000)
      ) * interval '1 millisecond'
    WHERE outbox_id IN (
      SELECT outbox_id FROM outbox
      WHERE check_at <= ${now} AND (kind <> 'webhook' OR check_at <= ${late}) ORDER BY check_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING *`.execute(trx);
  return rows;
}
