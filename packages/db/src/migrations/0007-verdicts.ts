import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // The step that was in force when the job was proposed holds for all its verdicts.
  await sql`ALTER TABLE jobs ADD verdict_fail_step_ms integer NOT NULL DEFAULT 5000`.execute(db);
  await sql`
    ALTER TABLE verification_runs
      ADD runner_version text,
      ADD runner_digest text,
      ADD deterministic boolean,
      ADD fail_settles_at timestamptz,
      ADD lane uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
      ADD turn_started_at timestamptz,
      ADD turn_ended_at timestamptz,
      ADD runner_ms integer NOT NULL DEFAULT 0`.execute(db);
  await sql`CREATE INDEX runs_of_runner ON verification_runs (runner_digest, run_id) WHERE runner_digest IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE INDEX runs_waiting ON verification_runs (lane) WHERE status = 'pending' AND turn_started_at IS NULL`.execute(
    db,
  );
  await sql`CREATE INDEX runs_by_turn ON verification_runs (turn_started_at DESC) WHERE turn_started_at IS NOT NULL`.execute(
    db,
  );
  // Whether a client has paid fees of late: its jobs that paid a seller, newest first.
  await sql`CREATE INDEX jobs_paid_of_client ON jobs (client_agent_id, settled_at DESC) WHERE seller_share > 0`.execute(
    db,
  );
}
