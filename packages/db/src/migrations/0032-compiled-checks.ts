import { type Kysely, sql } from 'kysely';

/**
 * The same rules for the rows of a job's path, as constraints of domains. Postgres parses a table's CHECK for every statement that
 * writes to it, and those of `jobs` took longer than the rest of an update; what a domain requires is compiled once a session. So each
 * table has one CHECK, which casts what the rules are about to a domain, and a rule that is broken is named by the error as before.
 * A value that a later migration adds goes into the domain: ALTER DOMAIN, DROP and ADD CONSTRAINT.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await checkJobs(db);
  await checkAccounts(db);
  await checkLeaves(db);
  await checkWord(db, 'outbox', 'kind', 'outbox_kind', [
    'webhook',
    'verification',
    'timer',
    'criteria_check',
    'agent_card',
    'rejudgement',
  ]);
  await checkWord(db, 'webhook_deliveries', 'status', 'delivery_status', ['pending', 'delivered', 'failed']);
}

async function checkJobs(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TYPE job_facts AS (
      status text, client_agent_id uuid, seller_agent_id uuid, price bigint, client_abort_penalty bigint, seller_abort_penalty bigint,
      fee_rate_ppm integer, fee_rule text, max_rounds integer, current_round integer, lacks_criteria boolean, lacks_hash boolean,
      escrow_id uuid, escrow_status text, resolved_by text, delivery_deadline timestamptz, funded_at timestamptz,
      settled_at timestamptz)`.execute(db);
  await sql`
    CREATE DOMAIN sound_job AS job_facts
      CONSTRAINT jobs_status CHECK ((VALUE).status IN ('proposed', 'negotiating', 'agreed', 'funded', 'in_progress', 'delivered',
        'verifying', 'completed', 'failed', 'disputed', 'resolved', 'cancelled'))
      CONSTRAINT jobs_parties CHECK ((VALUE).client_agent_id <> (VALUE).seller_agent_id)
      CONSTRAINT jobs_price CHECK ((VALUE).price > 0 AND (VALUE).price <= 100000000)
      CONSTRAINT jobs_client_abort_penalty CHECK ((VALUE).client_abort_penalty BETWEEN 0 AND (VALUE).price)
      CONSTRAINT jobs_seller_abort_penalty CHECK ((VALUE).seller_abort_penalty BETWEEN 0 AND (VALUE).price)
      CONSTRAINT jobs_fee_rate_ppm CHECK ((VALUE).fee_rate_ppm BETWEEN 0 AND 999999)
      CONSTRAINT jobs_fee_rule CHECK ((VALUE).fee_rule IN ('half_even', 'up'))
      CONSTRAINT jobs_max_rounds CHECK ((VALUE).max_rounds BETWEEN 1 AND 20)
      CONSTRAINT jobs_current_round CHECK ((VALUE).current_round BETWEEN 0 AND (VALUE).max_rounds)
      CONSTRAINT jobs_criteria CHECK ((VALUE).lacks_criteria = (VALUE).lacks_hash)
      CONSTRAINT jobs_escrow_status CHECK ((VALUE).escrow_status IN ('held', 'released', 'refunded', 'split'))
      CONSTRAINT jobs_resolved_by CHECK ((VALUE).resolved_by IN ('operator', 'agreement', 'time'))
      CONSTRAINT jobs_funded_deadline CHECK ((VALUE).funded_at IS NULL OR (VALUE).delivery_deadline IS NOT NULL)
      CONSTRAINT jobs_funded_escrow CHECK ((VALUE).funded_at IS NULL OR ((VALUE).fee_rate_ppm IS NOT NULL
        AND (VALUE).escrow_id IS NOT NULL AND (VALUE).escrow_status IS NOT NULL))
      CONSTRAINT jobs_funded CHECK ((VALUE).status NOT IN ('funded', 'in_progress', 'delivered', 'verifying', 'completed', 'failed',
        'disputed', 'resolved') OR (VALUE).funded_at IS NOT NULL)
      CONSTRAINT jobs_settled CHECK ((VALUE).status NOT IN ('completed', 'resolved', 'cancelled') OR (VALUE).settled_at IS NOT NULL)
      CONSTRAINT jobs_unsettled CHECK ((VALUE).status IN ('completed', 'resolved', 'cancelled', 'failed')
        OR (VALUE).settled_at IS NULL)`.execute(db);
  const dropped = [
    'status_check',
    'fee_rate_ppm_check',
    'fee_rule_check',
    'max_rounds_check',
    'price_check',
    'resolved_by_check',
    'escrow_status_check',
    ...['', '1', '2', '3', '4', '5', '6', '7', '8', '9'].map((number) => `check${number}`),
  ];
  await replaceChecks(
    db,
    'jobs',
    dropped,
    `ROW(status, client_agent_id, seller_agent_id, price, client_abort_penalty, seller_abort_penalty, fee_rate_ppm, fee_rule,
      max_rounds, current_round, acceptance_criteria IS NULL, acceptance_criteria_hash IS NULL, escrow_id, escrow_status, resolved_by,
      delivery_deadline, funded_at, settled_at)::sound_job`,
  );
}

async function checkAccounts(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TYPE account_facts AS (kind text, owner_id uuid, balance bigint)`.execute(db);
  await sql`
    CREATE DOMAIN sound_account AS account_facts
      CONSTRAINT accounts_kind CHECK ((VALUE).kind IN ('agent', 'escrow', 'bond', 'fees', 'mint'))
      CONSTRAINT accounts_balance CHECK ((VALUE).balance >= 0)
      CONSTRAINT accounts_kept_balance CHECK (((VALUE).kind IN ('fees', 'mint')) = ((VALUE).balance IS NULL))
      CONSTRAINT accounts_owner CHECK (((VALUE).kind IN ('fees', 'mint')) = ((VALUE).owner_id IS NULL))`.execute(
    db,
  );
  const dropped = ['balance_check', 'kind_check', 'check', 'check1'];
  await replaceChecks(db, 'accounts', dropped, 'ROW(kind, owner_id, balance)::sound_account');
}

async function checkLeaves(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TYPE leaf_facts AS (kind text, bytes integer, log_index bigint)`.execute(db);
  await sql`
    CREATE DOMAIN sound_leaf AS leaf_facts
      CONSTRAINT log_leaves_kind CHECK ((VALUE).kind IN ('genesis', 'policy', 'key', 'terms', 'escrow_held', 'verdict', 'settlement',
        'review', 'totals', 'recall', 'log_key', 'restored'))
      CONSTRAINT log_leaves_leaf CHECK ((VALUE).bytes BETWEEN 2 AND 2048)
      CONSTRAINT log_leaves_log_index CHECK ((VALUE).log_index >= 0)`.execute(db);
  const dropped = ['kind_check', 'leaf_check', 'log_index_check'];
  await replaceChecks(db, 'log_leaves', dropped, 'ROW(kind, octet_length(leaf), log_index)::sound_leaf');
}

/** A column that holds one of a few words. */
async function checkWord(
  db: Kysely<unknown>,
  table: string,
  column: string,
  domain: string,
  words: readonly string[],
): Promise<void> {
  const list = words.map((word) => `'${word}'`).join(', ');
  const rule = `${table}_${column}`;
  await sql.raw(`CREATE DOMAIN ${domain} AS text CONSTRAINT ${rule} CHECK (VALUE IN (${list}))`).execute(db);
  await replaceChecks(db, table, [`${column}_check`], `${column}::${domain}`);
}

/** The cast refuses what the domain does not take; what it gives is never NULL as a whole. */
async function replaceChecks(
  db: Kysely<unknown>,
  table: string,
  dropped: readonly string[],
  cast: string,
): Promise<void> {
  const drops = dropped.map((name) => `DROP CONSTRAINT ${table}_${name}`);
  const added = `ADD CONSTRAINT ${table}_sound CHECK (${cast} IS DISTINCT FROM NULL)`;
  await sql.raw(`ALTER TABLE ${table} ${[...drops, added].join(', ')}`).execute(db);
}
