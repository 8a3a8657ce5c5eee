import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE jobs (
      job_id uuid PRIMARY KEY,
      client_agent_id uuid NOT NULL REFERENCES agents,
      seller_agent_id uuid NOT NULL REFERENCES agents,
      listing_id uuid REFERENCES listings,
      status text NOT NULL CHECK (status IN ('proposed', 'negotiating', 'agreed', 'funded', 'in_progress', 'delivered',
        'verifying', 'completed', 'failed', 'disputed', 'resolved', 'cancelled')),
      requirements json,
      acceptance_criteria json,
      acceptance_criteria_hash text,
      acceptance_criteria_legacy_hash text,
      price bigint NOT NULL CHECK (price > 0 AND price <= 100000000),
      client_abort_penalty bigint NOT NULL CHECK (client_abort_penalty BETWEEN 0 AND price),
      seller_abort_penalty bigint NOT NULL CHECK (seller_abort_penalty BETWEEN 0 AND price),
      fee_rate_ppm integer CHECK (fee_rate_ppm BETWEEN 0 AND 999999),
      max_rounds integer NOT NULL CHECK (max_rounds BETWEEN 1 AND 20),
      current_round integer NOT NULL CHECK (current_round BETWEEN 0 AND max_rounds),
      last_offer_by uuid NOT NULL,
      last_offer_at timestamptz NOT NULL,
      delivery_deadline timestamptz,
      deadline_warned_for timestamptz,
      result json,
      delivery_count integer NOT NULL DEFAULT 0,
      outcome text,
      outcome_reason text,
      escrow_id uuid UNIQUE,
      escrow_status text CHECK (escrow_status IN ('held', 'released', 'refunded', 'split')),
      client_share bigint,
      seller_share bigint,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL,
      agreed_at timestamptz,
      funded_at timestamptz,
      started_at timestamptz,
      delivered_at timestamptz,
      failed_at timestamptz,
      disputed_at timestamptz,
      settled_at timestamptz,
      CHECK (client_agent_id <> seller_agent_id),
      CHECK (funded_at IS NULL OR delivery_deadline IS NOT NULL),
      CHECK (funded_at IS NULL OR (fee_rate_ppm IS NOT NULL AND escrow_id IS NOT NULL AND escrow_status IS NOT NULL)),
      CHECK (status NOT IN ('funded', 'in_progress', 'delivered', 'verifying', 'completed', 'failed', 'disputed', 'resolved')
        OR funded_at IS NOT NULL),
      CHECK (status NOT IN ('completed', 'resolved', 'cancelled') OR settled_at IS NOT NULL),
      CHECK (status IN ('completed', 'resolved', 'cancelled', 'failed') OR settled_at IS NULL),
      CHECK ((acceptance_criteria IS NULL) = (acceptance_criteria_hash IS NULL))
    )`.execute(db);
  await sql`CREATE INDEX jobs_of_client ON jobs (client_agent_id, created_at DESC, job_id DESC)`.execute(db);
  await sql`CREATE INDEX jobs_of_seller ON jobs (seller_agent_id, created_at DESC, job_id DESC)`.execute(db);
  await sql`CREATE INDEX jobs_of_client_by_status ON jobs (client_agent_id, status, created_at DESC, job_id DESC)`.execute(
    db,
  );
  await sql`CREATE INDEX jobs_of_seller_by_status ON jobs (seller_agent_id, status, created_at DESC, job_id DESC)`.execute(
    db,
  );
  // What a balance adds up: the jobs that hold money, however many an agent has behind it.
  await sql`CREATE INDEX jobs_holding_of_client ON jobs (client_agent_id) WHERE funded_at IS NOT NULL AND settled_at IS NULL`.execute(
    db,
  );
  await sql`CREATE INDEX jobs_holding_of_seller ON jobs (seller_agent_id) WHERE funded_at IS NOT NULL AND settled_at IS NULL`.execute(
    db,
  );
  await sql`CREATE INDEX jobs_disputed ON jobs (status, updated_at, job_id)`.execute(db);

  await sql`
    CREATE TABLE negotiation_entries (
      job_id uuid NOT NULL REFERENCES jobs,
      seq integer NOT NULL CHECK (seq > 0),
      entry json NOT NULL,
      previous_hash text,
      hash text NOT NULL,
      PRIMARY KEY (job_id, seq),
      CHECK ((seq = 1) = (previous_hash IS NULL))
    )`.execute(db);

  await sql`
    CREATE TABLE verification_runs (
      run_id uuid PRIMARY KEY,
      job_id uuid NOT NULL REFERENCES jobs,
      delivery integer NOT NULL,
      status text NOT NULL CHECK (status IN ('pending', 'running', 'pass', 'fail', 'error', 'abandoned')),
      lease_token uuid,
      lease_until timestamptz,
      errors integer NOT NULL DEFAULT 0,
      results jsonb,
      summary text,
      deliverable_hash text,
      isolation jsonb,
      usage jsonb,
      effective_limits jsonb,
      delivered_at timestamptz NOT NULL,
      started_at timestamptz,
      finished_at timestamptz,
      UNIQUE (job_id, delivery)
    )`.execute(db);

  await sql`
    CREATE TABLE reviews (
      review_id uuid PRIMARY KEY,
      job_id uuid NOT NULL REFERENCES jobs,
      reviewer_agent_id uuid NOT NULL REFERENCES agents,
      reviewee_agent_id uuid NOT NULL REFERENCES agents,
      role text NOT NULL CHECK (role IN ('client_reviewing_seller', 'seller_reviewing_client')),
      rating integer NOT NULL CHECK (rating BETWEEN 1 AND 5),
      tags text[] NOT NULL,
      comment text,
      created_at timestamptz NOT NULL,
      UNIQUE (job_id, reviewer_agent_id)
    )`.execute(db);
  await sql`CREATE INDEX reviews_received ON reviews (reviewee_agent_id, created_at DESC, review_id DESC)`.execute(
    db,
  );
  await sql`CREATE INDEX reviews_received_by_role ON reviews (reviewee_agent_id, role, created_at DESC, review_id DESC)`.execute(
    db,
  );
}
