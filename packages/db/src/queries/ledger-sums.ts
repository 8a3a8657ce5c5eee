import { type RawBuilder, sql, type Updateable } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { LedgerSumsRow, LedgerSumsTable } from '../tables/index.ts';
import type { LedgerTotals } from './log-leaves.ts';

/** Cents by kind of account, and how many rows they come from. */
export type TransferSums = LedgerTotals & Pick<LedgerSumsRow, 'postings' | 'transfers'>;

/** Transfers are added as a whole, with the first of their postings, so that none is halved where an end comes between. */
const transfersBegunAfter = (posting: RawBuilder<unknown>) => sql`
  coalesce(array_agg(DISTINCT transfer_id) FILTER (
    WHERE (SELECT min(posting_id) FROM postings f WHERE f.transfer_id = p.transfer_id) > ${posting}), '{}')`;

/** The kept sums, and what is newer: null where that is more than `limit` postings or accounts. */
export async function findLedgerSums(
  db: Db,
  limit: number,
): Promise<LedgerSumsRow & { newer: { transfers: string[]; accounts: bigint } | null }> {
  const { rows } = await sql<
    LedgerSumsRow & { is_whole: boolean; new_transfers: string[]; new_accounts: bigint }
  >`
    SELECT kept.*, newer.postings <= ${limit} AND opened.accounts <= ${limit} AS is_whole,
      newer.transfers AS new_transfers, opened.accounts AS new_accounts
    FROM ledger_sums kept,
      LATERAL (SELECT count(*) AS postings, ${transfersBegunAfter(sql`kept.posting_id`)} AS transfers FROM (
        SELECT transfer_id FROM postings WHERE posting_id > kept.posting_id ORDER BY posting_id LIMIT ${limit + 1}) p) newer,
      LATERAL (SELECT count(*) AS accounts FROM (
        SELECT FROM accounts WHERE account_number > kept.account_number LIMIT ${limit + 1}) a) opened`.execute(
    db,
  );
  const { is_whole, new_transfers, new_accounts, ...kept } = rows[0]!;
  return { ...kept, newer: is_whole ? { transfers: new_transfers, accounts: new_accounts } : null };
}

/** Where the ledger ends. It is to be read before the transaction has an id of its own: see `keepLedgerEnd`. */
export async function findLedgerEnd(db: Db): Promise<{ posting_id: bigint; account_number: bigint }> {
  const { rows } = await sql<{ posting_id: bigint; account_number: bigint }>`
    SELECT coalesce((SELECT max(posting_id) FROM postings), 0)::bigint AS posting_id,
      coalesce((SELECT max(account_number) FROM accounts), 0)::bigint AS account_number`.execute(db);
  return rows[0]!;
}

/**
 * The kept sums, locked; undefined where somebody else adds to them. `is_settled`: no transaction is under way that may have
 * taken a number up to the next end. `is_foreign`: the next end was noted in another server, before a backup was restored.
 */
export async function lockLedgerSums(
  trx: Tx,
): Promise<(LedgerSumsRow & { is_settled: boolean; is_foreign: boolean }) | undefined> {
  const { rows } = await sql<LedgerSumsRow & { is_settled: boolean; is_foreign: boolean }>`
    SELECT *, coalesce(next_xid <= pg_snapshot_xmin(pg_current_snapshot()), false) AS is_settled,
      coalesce(next_xid >= pg_snapshot_xmax(pg_current_snapshot()), false) AS is_foreign
    FROM ledger_sums FOR UPDATE SKIP LOCKED`.execute(trx);
  return rows[0];
}

/**
 * Notes up to where the sums go next. Whoever took a number up to there had a transaction id by then, since a balance, a job or an
 * agent is locked or written first; this transaction's is younger where it was given after the end was read.
 */
export async function keepLedgerEnd(
  trx: Tx,
  end: { posting_id: bigint; account_number: bigint },
  now: Date,
): Promise<void> {
  await sql`
    UPDATE ledger_sums SET next_posting_id = ${end.posting_id}, next_account_number = ${end.account_number},
      next_at = ${now}, next_xid = pg_current_xact_id()`.execute(trx);
}

/** The first `limit` postings after one and up to another: how many, the last, and the transfers that begin with one of them. */
export async function listBegunTransfers(
  db: Db,
  { after, until }: { after: bigint; until: bigint },
  limit: number,
): Promise<{ postings: number; last: bigint; transferIds: string[] }> {
  const { rows } = await sql<{ postings: number; last: bigint; transferIds: string[] }>`
    SELECT count(*)::integer AS postings, coalesce(max(posting_id), ${until}) AS last,
      ${transfersBegunAfter(sql`${after}::bigint`)} AS "transferIds"
    FROM (SELECT posting_id, transfer_id FROM postings WHERE posting_id > ${after} AND posting_id <= ${until} ORDER BY posting_id LIMIT ${limit}) p`.execute(
    db,
  );
  return rows[0]!;
}

/** How many accounts have a number after one and up to another. */
export async function countAccounts(
  db: Db,
  { after, until }: { after: bigint; until: bigint },
): Promise<bigint> {
  const { rows } = await sql<{ count: bigint }>`
    SELECT count(*) AS count FROM accounts WHERE account_number > ${after} AND account_number <= ${until}`.execute(
    db,
  );
  return rows[0]!.count;
}

/** What all postings of these transfers add up to. */
export async function sumTransfers(db: Db, transferIds: readonly string[]): Promise<TransferSums> {
  const of = (kind: keyof LedgerTotals) =>
    sql`coalesce(sum(amount) FILTER (WHERE kind = ${sql.lit(kind)}), 0)::bigint AS ${sql.ref(kind)}`;
  const { rows } = await sql<TransferSums>`
    SELECT count(*) AS postings, count(DISTINCT transfer_id) AS transfers,
      ${of('agent')}, ${of('escrow')}, ${of('bond')}, ${of('fees')}, ${of('mint')}
    FROM unnest(${[...transferIds]}::uuid[]) AS wanted (transfer_id)
      JOIN postings USING (transfer_id) JOIN accounts USING (account_id)`.execute(db);
  return rows[0]!;
}

/** Keeps other sums. */
export async function updateLedgerSums(trx: Tx, sums: Updateable<LedgerSumsTable>): Promise<void> {
  await trx.updateTable('ledger_sums').set(sums).execute();
}
