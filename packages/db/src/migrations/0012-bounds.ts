import { type Kysely, sql } from 'kysely';

const ROLES = 'registry_api, registry_dispatcher';

/** What bounds an agent: the fee's rule by job, bytes kept and written, verified endpoints, counters by the hour. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The default is the rule of the jobs that were agreed before, and of those that older code agrees to.
  await sql`
    ALTER TABLE jobs ADD COLUMN fee_rule text NOT NULL DEFAULT 'half_even' CHECK (fee_rule IN ('half_even', 'up'))`.execute(
    db,
  );

  // By its URL, so that older code, which knows nothing of this column, cannot leave another URL verified.
  await sql`ALTER TABLE agents ADD COLUMN endpoint_verified_url text`.execute(db);
  await sql`
    UPDATE agents SET endpoint_verified_url = endpoint_url
    WHERE endpoint_url IS NOT NULL AND EXISTS (
      SELECT FROM webhook_deliveries delivery JOIN webhook_attempts attempt USING (delivery_id)
      WHERE delivery.agent_id = agents.agent_id AND attempt.status BETWEEN 200 AND 299)`.execute(db);

  await sql`
    CREATE TABLE hourly_counts (
      name text NOT NULL,
      hour timestamptz NOT NULL,
      amount bigint NOT NULL CHECK (amount >= 0),
      PRIMARY KEY (name, hour)
    )`.execute(db);
  await sql`CREATE INDEX hourly_counts_age ON hourly_counts (hour)`.execute(db);

  // Each row is written only by the requests of its agent, so that neighbours at one address never wait for each other.
  await sql`
    CREATE TABLE written_bytes (
      agent_id uuid NOT NULL REFERENCES agents,
      hour timestamptz NOT NULL,
      address text NOT NULL,
      bytes bigint NOT NULL CHECK (bytes >= 0),
      PRIMARY KEY (agent_id, hour, address)
    )`.execute(db);
  await sql`CREATE INDEX written_bytes_of_address ON written_bytes (hour, address)`.execute(db);

  await sql`
    CREATE TABLE kept_bytes (
      agent_id uuid NOT NULL REFERENCES agents,
      subject text NOT NULL,
      bytes bigint NOT NULL CHECK (bytes >= 0),
      expires_at timestamptz,
      PRIMARY KEY (agent_id, subject)
    )`.execute(db);
  await sql`CREATE INDEX kept_bytes_expiry ON kept_bytes (expires_at) WHERE expires_at IS NOT NULL`.execute(
    db,
  );

  await sql
    .raw(`GRANT SELECT, INSERT, UPDATE, DELETE ON hourly_counts, written_bytes, kept_bytes TO ${ROLES}`)
    .execute(db);
  await releaseEndedJobs(db);
}

/** A job that ends is kept no longer on its parties' accounts, whichever code ends it. */
async function releaseEndedJobs(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE FUNCTION release_kept_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM kept_bytes
      WHERE agent_id IN (NEW.client_agent_id, NEW.seller_agent_id) AND subject = 'job:' || NEW.job_id;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER jobs_release_kept_bytes AFTER UPDATE OF settled_at ON jobs FOR EACH ROW
    WHEN (OLD.settled_at IS NULL AND NEW.settled_at IS NOT NULL)
    EXECUTE FUNCTION release_kept_bytes()`.execute(db);
}
