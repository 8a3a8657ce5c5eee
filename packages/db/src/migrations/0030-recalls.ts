import { type Kysely, sql } from 'kysely';

/** Runners found faulty, and what another runner says of the verdicts they gave. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE recalls (
      recall_id uuid PRIMARY KEY,
      runner_digest text NOT NULL UNIQUE,
      reason text NOT NULL,
      verdicts integer NOT NULL CHECK (verdicts > 0),
      created_at timestamptz NOT NULL
    )`.execute(db);
  // A run has one runner, and a runner is recalled once: so a verdict is judged anew in one row.
  await sql`
    CREATE TABLE rejudgements (
      run_id uuid PRIMARY KEY REFERENCES verification_runs,
      recall_id uuid NOT NULL REFERENCES recalls,
      status text NOT NULL CHECK (status IN ('waiting', 'running', 'same', 'turned', 'unavailable', 'closed')),
      asked integer NOT NULL CHECK (asked > 0),
      lease_token uuid,
      lease_until timestamptz,
      errors integer NOT NULL DEFAULT 0,
      verdict text CHECK (verdict IN ('pass', 'fail')),
      results jsonb,
      summary text,
      runner_version text,
      runner_digest text,
      reason text,
      requested_at timestamptz NOT NULL,
      finished_at timestamptz,
      reference text UNIQUE,
      note text,
      closed_at timestamptz,
      CHECK ((status IN ('waiting', 'running')) = (finished_at IS NULL)),
      CHECK ((status IN ('same', 'turned', 'closed')) = (verdict IS NOT NULL)),
      CHECK ((status = 'closed') = (closed_at IS NOT NULL))
    )`.execute(db);
  await sql`CREATE INDEX rejudgements_of_recall ON rejudgements (recall_id, status, run_id)`.execute(db);
  await sql`CREATE INDEX rejudgements_running ON rejudgements (lease_until) WHERE status = 'running'`.execute(
    db,
  );
  await sql`ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check`.execute(db);
  await sql`
    ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
      CHECK (kind IN ('webhook', 'verification', 'timer', 'criteria_check', 'agent_card', 'rejudgement'))`.execute(
    db,
  );
  await sql`GRANT SELECT, INSERT ON recalls TO registry_api`.execute(db);
  await sql`GRANT SELECT ON recalls TO registry_dispatcher`.execute(db);
  // What was judged anew is the dispatcher's to write; the api asks for it, and closes the case.
  await sql`GRANT SELECT, INSERT ON rejudgements TO registry_api`.execute(db);
  await sql`
    GRANT UPDATE (status, asked, errors, verdict, results, summary, runner_version, runner_digest, reason, requested_at, finished_at,
      reference, note, closed_at) ON rejudgements TO registry_api`.execute(db);
  await sql`GRANT SELECT, UPDATE ON rejudgements TO registry_dispatcher`.execute(db);
}
