import { type Kysely, sql } from 'kysely';

/** Dry runs of acceptance criteria, and what a proof of a suite tells the seller. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE criteria_checks (
      check_id uuid PRIMARY KEY,
      agent_id uuid NOT NULL REFERENCES agents,
      status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'finished', 'unavailable')),
      criteria_hash text NOT NULL,
      criteria json,
      samples json,
      hidden_cases text,
      repeats integer NOT NULL CHECK (repeats BETWEEN 1 AND 5),
      lease_token uuid,
      lease_until timestamptz,
      errors integer NOT NULL DEFAULT 0,
      runner_ms integer NOT NULL DEFAULT 0,
      findings jsonb,
      reason text,
      runner_version text,
      runner_digest text,
      proof_id uuid UNIQUE,
      proof_expires_at timestamptz,
      created_at timestamptz NOT NULL,
      finished_at timestamptz,
      CHECK ((status IN ('finished', 'unavailable')) = (finished_at IS NOT NULL)),
      CHECK ((proof_id IS NULL) = (proof_expires_at IS NULL))
    )`.execute(db);
  await sql`CREATE INDEX checks_of_agent ON criteria_checks (agent_id, created_at)`.execute(db);
  await sql`CREATE INDEX checks_running ON criteria_checks (lease_until) WHERE status = 'running'`.execute(
    db,
  );
  await sql`CREATE INDEX checks_to_forget ON criteria_checks (created_at) WHERE criteria IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE INDEX checks_proof_expiry ON criteria_checks (proof_expires_at) WHERE proof_id IS NOT NULL`.execute(
    db,
  );
  await sql`
    CREATE TABLE criteria_check_steps (
      check_id uuid NOT NULL REFERENCES criteria_checks ON DELETE CASCADE,
      step integer NOT NULL,
      sample integer,
      cheat text,
      verdict text NOT NULL CHECK (verdict IN ('pass', 'fail', 'error')),
      outcomes jsonb NOT NULL,
      deterministic boolean,
      report jsonb,
      runner_version text,
      runner_digest text,
      runner_ms integer NOT NULL,
      finished_at timestamptz NOT NULL,
      PRIMARY KEY (check_id, step),
      CHECK ((sample IS NULL) <> (cheat IS NULL))
    )`.execute(db);
  await sql`CREATE INDEX check_steps_by_time ON criteria_check_steps (finished_at)`.execute(db);
  // Whether any delivery waits for the runner.
  await sql`CREATE INDEX runs_pending ON verification_runs (run_id) WHERE status = 'pending'`.execute(db);
  await sql`ALTER TABLE jobs ADD suite_proof jsonb`.execute(db);
  await sql`ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check`.execute(db);
  await sql`
    ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
      CHECK (kind IN ('webhook', 'verification', 'timer', 'criteria_check'))`.execute(db);
  await sql`GRANT SELECT, INSERT ON criteria_checks TO registry_api`.execute(db);
  await sql`GRANT SELECT ON criteria_check_steps TO registry_api`.execute(db);
  await sql`GRANT SELECT, UPDATE, DELETE ON criteria_checks TO registry_dispatcher`.execute(db);
  await sql`GRANT SELECT, INSERT, DELETE ON criteria_check_steps TO registry_dispatcher`.execute(db);
}
