import { type Kysely, sql } from 'kysely';

/** Who resolved a job, what the parties of a dispute show, and why an agent is suspended. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Null where a job is not resolved; older rows were resolved by an operator or by time.
  await sql`ALTER TABLE jobs ADD resolved_by text CHECK (resolved_by IN ('operator', 'agreement', 'time'))`.execute(
    db,
  );
  await sql`ALTER TABLE agents ADD suspension_reason text`.execute(db);
  await sql`
    CREATE TABLE job_evidence (
      evidence_id uuid PRIMARY KEY,
      job_id uuid NOT NULL REFERENCES jobs,
      agent_id uuid NOT NULL REFERENCES agents,
      name text NOT NULL,
      media_type text NOT NULL,
      content bytea NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 262144),
      sha256 text NOT NULL,
      created_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX evidence_of_job ON job_evidence (job_id, created_at, evidence_id)`.execute(db);
  await sql`GRANT SELECT, INSERT ON job_evidence TO registry_api`.execute(db);
  await sql`GRANT SELECT ON job_evidence TO registry_dispatcher`.execute(db);
}
