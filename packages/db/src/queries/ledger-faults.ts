import { sql } from 'kysely';
import type { Db } from '../create-db.ts';

export interface LedgerFinding {
  readonly rule: string;
  readonly subject: string;
  readonly detail: string;
}

/** Something wrong with a transfer, or with a balance that it moved. */
export type TransferFinding = LedgerFinding & { readonly transfer_id: string };

const FINDINGS_MAX = 1_000;

/**
 * The rules of the ledger, for whichever part of it these stand for: `posted`, postings each with the balance that they lead to;
 * `moved`, accounts each with what their postings come to; `concerned`, jobs that accounts may belong to.
 */
const RULES = sql`
  SELECT 'transfer sums to zero' AS rule, transfer_id::text AS subject, 'off by ' || sum(amount) || ' cents' AS detail, transfer_id
    FROM posted GROUP BY transfer_id HAVING sum(amount) <> 0
  UNION ALL
  SELECT 'balance after is the running sum', posting_id::text, 'says ' || balance_after || ', is ' || running, transfer_id
    FROM posted WHERE balance_after <> running
  UNION ALL
  SELECT 'balance is the sum of postings', account_id::text, kind || ': balance ' || balance || ', postings ' || posted, transfer_id
    FROM moved WHERE balance <> posted
  UNION ALL
  SELECT 'a settled job holds nothing', j.job_id::text, m.kind || ' holds ' || m.balance, m.transfer_id
    FROM moved m JOIN concerned j ON j.job_id = m.owner_id
    WHERE m.kind IN ('escrow', 'bond') AND j.settled_at IS NOT NULL AND m.balance <> 0
  UNION ALL
  SELECT 'a funded job holds its price and bond', j.job_id::text, 'escrow ' || coalesce(e.balance, 0) || ', bond ' || coalesce(b.balance, 0), j.transfer_id
    FROM concerned j LEFT JOIN accounts e ON e.kind = 'escrow' AND e.owner_id = j.job_id
    LEFT JOIN accounts b ON b.kind = 'bond' AND b.owner_id = j.job_id
    WHERE j.funded_at IS NOT NULL AND j.settled_at IS NULL
      AND (coalesce(e.balance, 0) <> j.price OR coalesce(b.balance, 0) <> j.seller_abort_penalty)
  UNION ALL
  SELECT 'an agent that left owns nothing', m.owner_id::text, 'owns ' || m.balance, m.transfer_id
    FROM moved m JOIN agents g ON g.agent_id = m.owner_id
    WHERE m.kind = 'agent' AND g.status = 'deactivated' AND m.balance <> 0`;

/** The audit: recomputes every balance from the postings. Empty when the ledger is sound. */
export async function findLedgerFaults(db: Db): Promise<LedgerFinding[]> {
  const { rows } = await sql<LedgerFinding>`
    WITH posted AS (
      SELECT *, sum(amount) OVER (PARTITION BY account_id ORDER BY posting_id) AS running FROM postings
    ), moved AS (
      SELECT a.*, coalesce(p.sum, 0) AS posted, NULL::uuid AS transfer_id
      FROM accounts a LEFT JOIN (SELECT account_id, sum(amount) FROM postings GROUP BY account_id) p USING (account_id)
    ), concerned AS (
      SELECT job_id, price, seller_abort_penalty, funded_at, settled_at, NULL::uuid AS transfer_id FROM jobs
    )
    SELECT rule, subject, detail FROM (${RULES}) found
    UNION ALL
    SELECT 'transfer has postings', t.transfer_id::text, 'no posting' FROM transfers t
      WHERE NOT EXISTS (SELECT FROM postings p WHERE p.transfer_id = t.transfer_id)
    UNION ALL
    SELECT 'a posting has its account and its transfer', p.posting_id::text, 'account ' || p.account_id || ', transfer ' || p.transfer_id
      FROM postings p LEFT JOIN accounts a USING (account_id) LEFT JOIN transfers t USING (transfer_id)
      WHERE a.account_id IS NULL OR t.transfer_id IS NULL
    UNION ALL
    SELECT 'fees are never negative', 'fees', 'sum ' || sum(p.amount) FROM postings p JOIN accounts a USING (account_id)
      WHERE a.kind = 'fees' HAVING sum(p.amount) < 0
    UNION ALL
    SELECT 'fee sums are the sum of postings', 'fees', 'sums ' || sums.amount || ', postings ' || posted.amount
      FROM (SELECT coalesce(sum(amount), 0) AS amount FROM fee_sums) sums,
        (SELECT coalesce(sum(p.amount), 0) AS amount FROM postings p JOIN accounts a USING (account_id) WHERE a.kind = 'fees') posted
      WHERE sums.amount <> posted.amount
    UNION ALL
    SELECT 'kept sums are the sums of postings', added.kind, 'sum ' || added.kept || ', postings ' || coalesce(added.posted, 0)
      FROM (SELECT k.kind, k.kept, (SELECT sum(p.amount) FROM postings p JOIN accounts a USING (account_id) WHERE a.kind = k.kind AND EXISTS (
          SELECT FROM postings f WHERE f.transfer_id = p.transfer_id AND f.posting_id <= sums.posting_id)) AS posted
        FROM ledger_sums sums, LATERAL (VALUES ('agent', sums.agent), ('escrow', sums.escrow), ('bond', sums.bond), ('fees', sums.fees),
          ('mint', sums.mint)) AS k (kind, kept)) added
      WHERE added.kept <> coalesce(added.posted, 0)
    LIMIT ${FINDINGS_MAX}`.execute(db);
  return rows;
}

/**
 * What is wrong with these transfers and with the balances that they moved. A posting is compared with the one before it of its
 * account, and a balance with its account's last posting, so that it costs nothing to have a long history.
 */
export async function findTransferFaults(db: Db, transferIds: readonly string[]): Promise<TransferFinding[]> {
  const { rows } = await sql<TransferFinding>`
    WITH posted AS (
      SELECT p.*, p.amount + coalesce((SELECT balance_after FROM postings e
        WHERE e.account_id = p.account_id AND e.posting_id < p.posting_id ORDER BY e.posting_id DESC LIMIT 1), 0) AS running
      FROM unnest(${[...transferIds]}::uuid[]) AS wanted (transfer_id) JOIN postings p USING (transfer_id)
    ), moved AS (
      SELECT a.*, p.transfer_id, (SELECT balance_after FROM postings e
        WHERE e.account_id = a.account_id ORDER BY e.posting_id DESC LIMIT 1) AS posted
      FROM (SELECT DISTINCT ON (account_id) account_id, transfer_id FROM posted) p JOIN accounts a USING (account_id)
    ), concerned AS (
      SELECT DISTINCT ON (j.job_id) j.job_id, j.price, j.seller_abort_penalty, j.funded_at, j.settled_at, m.transfer_id
      FROM moved m JOIN jobs j ON j.job_id = m.owner_id
    )
    SELECT * FROM (${RULES}) found LIMIT ${FINDINGS_MAX}`.execute(db);
  return rows;
}
