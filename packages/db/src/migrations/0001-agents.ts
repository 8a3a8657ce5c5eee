import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE agents (
      agent_id uuid PRIMARY KEY,
      public_key text NOT NULL UNIQUE CHECK (public_key ~ '^[0-9a-f]{64}$'),
      pending_public_key text UNIQUE,
      pending_key_at timestamptz,
      display_name text NOT NULL,
      description text,
      endpoint_url text,
      hosting_mode text NOT NULL CHECK (hosting_mode IN ('external', 'websocket', 'client_only', 'hosted')),
      capabilities text[] NOT NULL,
      status text NOT NULL CHECK (status IN ('active', 'suspended', 'deactivated')),
      reputation_seller numeric(3, 2),
      reputation_client numeric(3, 2),
      reviews_as_seller integer NOT NULL DEFAULT 0,
      reviews_as_client integer NOT NULL DEFAULT 0,
      reputation_as_of timestamptz NOT NULL,
      reputation_due_at timestamptz,
      webhook_secret text NOT NULL,
      previous_webhook_secret text,
      previous_secret_until timestamptz,
      endpoint_disabled_at timestamptz,
      endpoint_disabled_reason text,
      endpoint_failing_since timestamptz,
      endpoint_failures integer NOT NULL DEFAULT 0,
      last_seen timestamptz,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL,
      CHECK ((pending_public_key IS NULL) = (pending_key_at IS NULL)),
      CHECK ((previous_webhook_secret IS NULL) = (previous_secret_until IS NULL)),
      CHECK (endpoint_url IS NULL OR hosting_mode = 'external')
    )`.execute(db);
  await sql`CREATE INDEX agents_reputation_due ON agents (reputation_due_at) WHERE reputation_due_at IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE INDEX agents_pending_key ON agents (pending_key_at) WHERE pending_key_at IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE INDEX agents_previous_secret ON agents (previous_secret_until) WHERE previous_secret_until IS NOT NULL`.execute(
    db,
  );

  await sql`
    CREATE TABLE nonces (
      agent_id uuid NOT NULL,
      nonce text NOT NULL,
      expires_at timestamptz NOT NULL,
      PRIMARY KEY (agent_id, nonce)
    )`.execute(db);
  await sql`CREATE INDEX nonces_expiry ON nonces (expires_at)`.execute(db);

  await sql`
    CREATE TABLE idempotency_keys (
      scope text NOT NULL,
      key text NOT NULL,
      fingerprint text NOT NULL,
      status integer NOT NULL,
      answer text NOT NULL,
      created_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      PRIMARY KEY (scope, key)
    )`.execute(db);
  await sql`CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at)`.execute(db);

  await sql`
    CREATE TABLE operator_audit (
      audit_id uuid PRIMARY KEY,
      operator text NOT NULL,
      action text NOT NULL,
      subject text,
      details json NOT NULL,
      created_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX operator_audit_order ON operator_audit (created_at DESC, audit_id DESC)`.execute(db);

  await sql`
    CREATE TABLE deployment_facts (
      name text PRIMARY KEY,
      value jsonb NOT NULL,
      updated_at timestamptz NOT NULL
    )`.execute(db);
}
