import { sql } from 'kysely';
import type { Db } from '../create-db.ts';

/** The one agent whose rows are a tenth of every table, and rows that are there. */
export interface FilledRegistry {
  readonly agentId: string;
  readonly jobId: string;
  readonly listingId: string;
  readonly deliveryId: string;
  readonly runId: string;
  readonly outboxId: string;
  readonly eventId: string;
  readonly transferIds: readonly string[];
}

const LISTINGS = 20_000;
/** Rows of each table; the drill `growth` asks for up to a million. Listings stay few, since the bench searches a million of them. */
export const ROWS = Number(process.env.GROWTH_ROWS ?? LISTINGS);
/** So many at least that to read all of them is worth no plan. */
const AGENTS = Math.max(ROWS, LISTINGS) / 10;
/** All rows are of so long, however many there are. */
const SPAN_MINUTES = 20_000;

/** Makes the nth id of a kind: the same n of agents, jobs and so on belong together. */
const id = (kind: number, n: string) =>
  sql.raw(`('00000000-0000-7000-8${String(kind).padStart(3, '0')}-' || lpad((${n})::text, 12, '0'))::uuid`);
/** Every tenth row belongs to agent 1, the others to everybody in turn. */
const owner = id(1, `CASE WHEN n % 10 = 0 THEN 1 ELSE 2 + n % (${AGENTS} - 2) END`);
const other = id(1, `2 + (n + 7) % (${AGENTS} - 2)`);
const at = sql.raw(`timestamptz '2026-01-01' + n * interval '1 minute' * ${SPAN_MINUTES / ROWS}`);
// What is under way does not grow with what is over.
const waiting = sql.raw(`(n % ${ROWS / 200} = 0)`);
const funded = sql.raw(`n % ${ROWS / 400} = 0`);
const disputed = sql.raw(`n % ${Math.floor(ROWS / 206)} = 0`);
const rows = sql.raw(`generate_series(1, ${ROWS}) AS n`);

/**
 * Fills every table that grows with use, and lets Postgres look at what is there. The superuser's, who may leave out the triggers
 * and the checks of foreign keys once the listings, whose triggers make what is searched, are there.
 */
export async function fillRegistry(superuser: Db): Promise<FilledRegistry> {
  await superuser.connection().execute(async (connection) => {
    await sql`SET statement_timeout = 0`.execute(connection);
    const [agents, listings, ...others] = statements;
    for (const statement of [agents!, listings!]) await statement.execute(connection);
    await sql`SET session_replication_role = replica`.execute(connection);
    for (const statement of others) await statement.execute(connection);
    // What the statements above have changed leaves no dead rows, as it would not where autovacuum keeps up.
    await sql`VACUUM ANALYZE`.execute(connection);
  });
  const nth = (kind: number, n: number) =>
    `00000000-0000-7000-8${String(kind).padStart(3, '0')}-${String(n).padStart(12, '0')}`;
  return {
    agentId: nth(1, 1),
    listingId: nth(2, 10),
    jobId: nth(3, 10),
    runId: nth(4, 10),
    deliveryId: nth(9, 10),
    outboxId: nth(10, 10),
    eventId: nth(11, 10),
    transferIds: Array.from({ length: 300 }, (_, n) => nth(8, 10 + n)),
  };
}

const statements = [
  sql`INSERT INTO agents (agent_id, public_key, display_name, hosting_mode, capabilities, status, reputation_seller, reputation_as_of,
      reviews_as_seller, scored_as_of, scored_by, webhook_secret, last_seen, created_at, updated_at)
    SELECT ${id(1, 'n')}, lpad(to_hex(n), 64, '0'), 'Agent ' || n, 'client_only', ARRAY['any', 'cap-' || n % 50], 'active',
      nullif(n % 500, 0) / 100.0, ${at}, 1, ${at}, CASE WHEN n % 50 = 0 THEN '1' ELSE '2:500:5' END, 'sealed', ${at}, ${at}, ${at} FROM generate_series(1, ${sql.lit(AGENTS)}) AS n`,
  sql`INSERT INTO listings (listing_id, seller_agent_id, skill_id, description, base_price, status, seller_display_name,
      seller_capabilities, seller_capabilities_text, seller_reputation, seller_active, created_at, updated_at)
    SELECT ${id(2, 'n')}, ${owner}, 'skill-' || n / 100 || '-' || n % 10, 'everywhere word' || n % 300, 1 + n::bigint * 7919 % 100000,
      CASE WHEN n % 3 = 0 THEN 'archived' ELSE 'active' END, 'Agent', ARRAY['any', 'cap-' || n % 50], 'any cap-' || n % 50,
      n % 500 / 100.0, true, ${at}, ${at} FROM generate_series(1, ${sql.lit(LISTINGS)}) AS n ON CONFLICT DO NOTHING`,
  sql`INSERT INTO search_lexemes SELECT 'rare' || md5(n::text), 1, CASE WHEN n % 2 = 0 THEN ${at} END FROM ${rows}`,
  sql`INSERT INTO search_changes (added) SELECT ARRAY['rare' || md5(n::text), 'word' || n % 300] FROM ${rows}`,
  sql`INSERT INTO jobs (job_id, client_agent_id, seller_agent_id, status, price, client_abort_penalty, seller_abort_penalty, fee_rate_ppm,
      max_rounds, current_round, last_offer_by, last_offer_at, delivery_deadline, escrow_id, escrow_status, created_at, updated_at, agreed_at, funded_at, settled_at)
    SELECT ${id(3, 'n')}, CASE WHEN n % 2 = 0 THEN ${owner} ELSE ${other} END, CASE WHEN n % 2 = 0 THEN ${other} ELSE ${owner} END,
      CASE WHEN ${funded} THEN 'funded' WHEN ${disputed} THEN 'disputed' ELSE 'completed' END, 100, 0, 0, 25000, 5, 0, ${owner}, ${at}, ${at},
      ${id(5, 'n')}, 'held', ${at}, ${at}, ${at}, ${at}, CASE WHEN ${funded} OR ${disputed} THEN NULL ELSE ${at} END FROM ${rows}
    ON CONFLICT DO NOTHING`,
  sql`INSERT INTO negotiation_entries SELECT ${id(3, 'n')}, 1, '{}', NULL, '' FROM ${rows}`,
  sql`INSERT INTO negotiation_entries SELECT ${id(3, 'n')}, 2, '{}', '', '' FROM ${rows}`,
  sql`INSERT INTO verification_runs (run_id, job_id, delivery, status, delivered_at, lane, runner_digest, turn_started_at, turn_ended_at)
    SELECT ${id(4, 'n')}, ${id(3, 'n')}, 1, CASE WHEN ${waiting} THEN 'pending' ELSE 'pass' END, ${at}, ${id(1, '2 + n % 500')}, 'digest ' || n % 100,
      CASE WHEN NOT ${waiting} THEN ${at} END, CASE WHEN NOT ${waiting} THEN ${at} END FROM ${rows}`,
  sql`INSERT INTO job_evidence SELECT ${id(19, 'n')}, ${id(3, 'n')}, ${owner}, 'name', 'text/plain', 'x', '', ${at} FROM ${rows}`,
  sql`INSERT INTO hidden_cases (job_id, sealed) SELECT ${id(3, 'n')}, 'sealed' FROM ${rows}`,
  sql`INSERT INTO agent_cards (agent_id, look) SELECT agent_id, 1 FROM agents`,
  sql`INSERT INTO criteria_checks (check_id, agent_id, status, criteria_hash, repeats, proof_id, proof_expires_at, created_at, finished_at)
    SELECT ${id(17, 'n')}, ${id(1, '2 + n % 500')}, 'finished', 'hash', 2, ${id(18, 'n')}, ${at}, ${at}, ${at} FROM ${rows}`,
  sql`INSERT INTO criteria_check_steps (check_id, step, cheat, verdict, outcomes, runner_ms, finished_at)
    SELECT ${id(17, 'n')}, 1, 'null', 'fail', '[]', 10, ${at} FROM ${rows}`,
  sql`INSERT INTO reviews (review_id, job_id, reviewer_agent_id, reviewee_agent_id, role, rating, tags, weighs, settled_at, created_at)
    SELECT ${id(6, 'n')}, ${id(3, 'n')}, ${other}, ${owner},
      CASE WHEN n % 2 = 0 THEN 'client_reviewing_seller' ELSE 'seller_reviewing_client' END, 1 + n % 5, ARRAY['tag' || n % 9],
      CASE WHEN n % 20 <> 0 THEN n % 3 END, CASE WHEN n % 40 = 0 THEN ${at} END, ${at} FROM ${rows}`,
  sql`INSERT INTO accounts (account_id, kind, owner_id, balance)
    SELECT ${id(7, 'n')}, 'agent', ${id(1, 'n')}, 1 FROM generate_series(1, ${sql.lit(AGENTS)}) AS n
    UNION ALL SELECT ${id(15, 'n')}, 'escrow', ${id(3, 'n')}, 1 FROM ${rows} UNION ALL SELECT ${id(16, 'n')}, 'bond', ${id(3, 'n')}, 1 FROM ${rows}`,
  sql`INSERT INTO transfers SELECT ${id(8, 'n')}, 'reference ' || n, 'fee', ${id(3, 'n')}, ${at} FROM ${rows}`,
  sql`INSERT INTO postings (transfer_id, account_id, amount, balance_after)
    SELECT ${id(8, 'n')}, ${id(7, `CASE WHEN n % 10 = 0 THEN 1 ELSE 2 + n % (${AGENTS} - 2) END`)}, -1, 1 FROM ${rows}
    UNION ALL SELECT ${id(8, 'n')}, '00000000-0000-7000-8000-000000000001', 1, NULL FROM ${rows}`,
  // The sweep has added up the ledger up to the last of it.
  sql`UPDATE ledger_sums SET posting_id = (SELECT max(posting_id) FROM postings) - 500,
      account_number = (SELECT max(account_number) FROM accounts) - 500`,
  sql`INSERT INTO events SELECT ${id(11, 'n')}, ${id(3, 'n')}, 'job.funded', '{}', ${at} FROM ${rows}`,
  sql`INSERT INTO webhook_deliveries (delivery_id, event_id, agent_id, event_type, status, created_at)
    SELECT ${id(9, 'n')}, ${id(11, 'n')}, ${owner}, 'job.funded', CASE WHEN n % 20 = 0 THEN 'failed' ELSE 'delivered' END, ${at} FROM ${rows}`,
  sql`INSERT INTO webhook_attempts (delivery_id, cycle, attempt, lease_token, lease_until, started_at)
    SELECT ${id(9, 'n')}, 1, 1, ${id(12, 'n')}, ${at}, ${at} FROM ${rows}`,
  sql`INSERT INTO outbox (outbox_id, kind, subject, cycle, attempt, job_id, due_at, check_at, created_at)
    SELECT ${id(10, 'n')}, CASE WHEN n % 2 = 0 THEN 'webhook' ELSE 'timer' END,
      CASE WHEN n % 2 = 0 THEN ${id(9, 'n')}::text ELSE ${id(3, 'n')}::text || ':deadline' END, 1, 1, ${id(3, 'n')}, ${at}, ${at}, ${at} FROM ${rows}`,
  sql`INSERT INTO nonces SELECT ${owner}, 'nonce' || n, ${at} FROM ${rows}`,
  // Half of the events have their number in the feed.
  sql`UPDATE webhook_deliveries SET feed_seq = recorded_no WHERE recorded_no % 2 = 0`,
  sql`INSERT INTO event_feeds (agent_id, last_seq) SELECT agent_id, 1000000 FROM agents`,
  sql`INSERT INTO idempotency_keys SELECT ${owner}::text, 'key' || n, '', 200, '', ${at}, ${at} FROM ${rows}`,
  sql`INSERT INTO hourly_counts SELECT 'name ' || n, timestamptz '2026-01-01' + n % 48 * interval '1 hour', 1 FROM ${rows}`,
  sql`INSERT INTO written_bytes SELECT ${other}, timestamptz '2026-01-01' + n % 48 * interval '1 hour', 'address ' || n % 500, 1 FROM ${rows}
    ON CONFLICT DO NOTHING`,
  sql`INSERT INTO kept_bytes SELECT CASE WHEN n % 200 = 0 THEN ${id(1, '1')} ELSE ${other} END, 'job:' || n, 1, CASE WHEN n % 2 = 0 THEN ${at} END FROM ${rows}`,
  sql`INSERT INTO job_salts SELECT ${id(3, 'n')}, sha256('') FROM ${rows}`,
  sql`INSERT INTO log_leaves (leaf_id, kind, subject, job_id, leaf, created_at, log_index)
    SELECT ${id(19, 'n')}, CASE WHEN n % 3 = 0 THEN 'key' WHEN n % 3 = 1 THEN 'settlement' ELSE 'totals' END,
      CASE WHEN n % 3 = 0 THEN ${id(1, 'n')}::text || ':' || n WHEN n % 3 = 1 THEN ${id(3, 'n')}::text ELSE n::text END, ${id(3, 'n')}, '{}', ${at},
      CASE WHEN n <= ${sql.lit(ROWS - 100)} THEN n - 1 END FROM ${rows}`,
  sql`INSERT INTO log_nodes SELECT 1, n, sha256('') FROM ${rows}`,
  sql`INSERT INTO log_checkpoints SELECT n, n - 1, sha256(''), 'note', ${at} FROM ${rows}`,
  sql`INSERT INTO log_published SELECT n, ${at} FROM generate_series(1, ${sql.lit(ROWS - 100)}) AS n`,
  sql`INSERT INTO log_cosignatures SELECT n, 'witness', 'line', ${at} FROM ${rows}`,
  sql`INSERT INTO recalls SELECT ${id(20, 'n')}, 'digest ' || n, 'reason', 1, ${at} FROM generate_series(0, 99) AS n`,
  sql`INSERT INTO rejudgements (run_id, recall_id, status, asked, verdict, reference, requested_at, finished_at, closed_at)
    SELECT ${id(4, 'n')}, ${id(20, 'n % 100')}, CASE WHEN n % 2 = 0 THEN 'turned' ELSE 'closed' END, 1, 'fail', 'reference ' || n, ${at}, ${at},
      CASE WHEN n % 2 = 1 THEN ${at} END FROM ${rows} WHERE NOT ${waiting}`,
  sql`INSERT INTO market_figures SELECT 'hour', timestamptz '2020-01-01' + n * interval '1 hour', '{}', NULL, ${at} FROM ${rows}`,
  sql`INSERT INTO operator_audit SELECT ${id(13, 'n')}, 'somebody', 'deposit', NULL, '{}', ${at} FROM ${rows}`,
];
