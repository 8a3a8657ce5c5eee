import { type Kysely, sql } from 'kysely';

/**
 * An outbox entry is found by its subject first. By its kind first, the names of a job's timers were found by going through all
 * timers where Postgres had last seen few, as after a quiet night. Nothing reads `outbox_timers_of_job`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE outbox ADD CONSTRAINT outbox_subject_kind_cycle_attempt_key UNIQUE (subject, kind, cycle, attempt),
      DROP CONSTRAINT outbox_kind_subject_cycle_attempt_key`.execute(db);
  await sql`DROP INDEX outbox_timers_of_job`.execute(db);
}
