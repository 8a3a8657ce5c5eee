import { type Kysely, sql } from 'kysely';

const KINDS = [
  'genesis',
  'policy',
  'key',
  'terms',
  'escrow_held',
  'verdict',
  'settlement',
  'review',
  'totals',
  'recall',
  'log_key',
  'restored',
];

/** The transparency log. Leaves that wait to be sequenced are its leaves already, so that none of them can be dropped. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Ordered as bytes, so that all of one prefix are found by the index.
  await sql`
    CREATE TABLE log_leaves (
      entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      leaf_id uuid NOT NULL UNIQUE,
      kind text NOT NULL CHECK (kind IN (${sql.join(KINDS.map((kind) => sql.lit(kind)))})),
      subject text COLLATE "C" NOT NULL,
      job_id uuid REFERENCES jobs,
      leaf bytea NOT NULL CHECK (octet_length(leaf) BETWEEN 2 AND 2048),
      leaf_hash bytea NOT NULL GENERATED ALWAYS AS (sha256('\\x00'::bytea || leaf)) STORED,
      created_at timestamptz NOT NULL,
      log_index bigint UNIQUE CHECK (log_index >= 0),
      UNIQUE (kind, subject)
    )`.execute(db);
  await sql`CREATE INDEX log_leaves_pending ON log_leaves (entry_id) WHERE log_index IS NULL`.execute(db);
  await sql`CREATE INDEX log_leaves_of_job ON log_leaves (job_id) WHERE job_id IS NOT NULL`.execute(db);
  await sql`
    CREATE TABLE log_nodes (
      level smallint CHECK (level BETWEEN 1 AND 7),
      node bigint CHECK (node >= 0),
      hash bytea NOT NULL CHECK (octet_length(hash) = 32),
      PRIMARY KEY (level, node)
    )`.execute(db);
  // A size has one predecessor, and is the predecessor of one: no fork can be written.
  await sql`
    CREATE TABLE log_checkpoints (
      size bigint PRIMARY KEY,
      previous_size bigint NOT NULL UNIQUE CHECK (previous_size >= 0 AND previous_size < size),
      root bytea NOT NULL CHECK (octet_length(root) = 32),
      note text NOT NULL,
      signed_at timestamptz NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE log_published (
      size bigint PRIMARY KEY REFERENCES log_checkpoints,
      published_at timestamptz NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE log_cosignatures (
      size bigint REFERENCES log_checkpoints,
      witness text,
      line text NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (size, witness)
    )`.execute(db);
  // What the commitments of a job's leaves are salted with: apart from the job, so that nothing that reads jobs comes across it.
  await sql`
    CREATE TABLE job_salts (
      job_id uuid PRIMARY KEY REFERENCES jobs,
      salt bytea NOT NULL CHECK (octet_length(salt) = 32)
    )`.execute(db);
  await keepAppendOnly(db);
}

async function keepAppendOnly(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE FUNCTION check_log_index() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.log_index IS NOT NULL OR NEW.log_index IS NULL THEN
        RAISE EXCEPTION 'leaf % keeps its place in the log', OLD.leaf_id USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER log_index_is_set_once BEFORE UPDATE ON log_leaves FOR EACH ROW EXECUTE FUNCTION check_log_index()`.execute(
    db,
  );
  const tables = 'log_leaves, log_nodes, log_checkpoints, log_published, log_cosignatures, job_salts';
  await sql`GRANT SELECT ON ${sql.raw(tables)} TO registry_api, registry_dispatcher`.execute(db);
  await sql`
    GRANT INSERT (leaf_id, kind, subject, job_id, leaf, created_at) ON log_leaves TO registry_api, registry_dispatcher`.execute(
    db,
  );
  await sql`GRANT INSERT ON job_salts TO registry_api, registry_dispatcher`.execute(db);
  await sql`GRANT UPDATE (log_index) ON log_leaves TO registry_dispatcher`.execute(db);
  await sql`
    GRANT INSERT ON log_nodes, log_checkpoints, log_published, log_cosignatures TO registry_dispatcher`.execute(
    db,
  );
}
