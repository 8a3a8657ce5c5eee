import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE events (
      event_id uuid PRIMARY KEY,
      job_id uuid REFERENCES jobs,
      type text NOT NULL,
      body text NOT NULL,
      created_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX events_of_job ON events (job_id, created_at, event_id) WHERE job_id IS NOT NULL`.execute(
    db,
  );

  await sql`
    CREATE TABLE webhook_deliveries (
      delivery_id uuid PRIMARY KEY,
      event_id uuid NOT NULL REFERENCES events,
      agent_id uuid NOT NULL REFERENCES agents,
      event_type text NOT NULL,
      status text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
      exhausted boolean NOT NULL DEFAULT false,
      cycle integer NOT NULL DEFAULT 1,
      attempts integer NOT NULL DEFAULT 0,
      last_error text,
      created_at timestamptz NOT NULL,
      finished_at timestamptz,
      UNIQUE (event_id, agent_id)
    )`.execute(db);
  await sql`CREATE INDEX deliveries_of_agent ON webhook_deliveries (agent_id, created_at DESC, delivery_id DESC)`.execute(
    db,
  );
  await sql`CREATE INDEX deliveries_of_agent_by_status ON webhook_deliveries (agent_id, status, created_at DESC, delivery_id DESC)`.execute(
    db,
  );
  await sql`CREATE INDEX deliveries_failed ON webhook_deliveries (created_at DESC, delivery_id DESC) WHERE status = 'failed'`.execute(
    db,
  );
  await sql`CREATE INDEX deliveries_age ON webhook_deliveries (created_at)`.execute(db);

  await sql`
    CREATE TABLE webhook_attempts (
      delivery_id uuid NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
      cycle integer NOT NULL,
      attempt integer NOT NULL,
      lease_token uuid NOT NULL,
      lease_until timestamptz NOT NULL,
      started_at timestamptz NOT NULL,
      finished_at timestamptz,
      duration_ms integer,
      phase text,
      status integer,
      error text,
      response text CHECK (octet_length(response) <= 4096),
      next_attempt_at timestamptz,
      PRIMARY KEY (delivery_id, cycle, attempt)
    )`.execute(db);

  await sql`
    CREATE TABLE outbox (
      outbox_id uuid PRIMARY KEY,
      kind text NOT NULL CHECK (kind IN ('webhook', 'verification', 'timer')),
      subject text NOT NULL,
      cycle integer NOT NULL,
      attempt integer NOT NULL,
      generation integer NOT NULL DEFAULT 0,
      job_id uuid,
      due_at timestamptz NOT NULL,
      check_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL,
      UNIQUE (kind, subject, cycle, attempt)
    )`.execute(db);
  await sql`CREATE INDEX outbox_check ON outbox (check_at)`.execute(db);
  await sql`CREATE INDEX outbox_timers_of_job ON outbox (job_id) WHERE kind = 'timer'`.execute(db);
}
