import { sql } from 'kysely';
import { compileOnce } from '../compile-once.ts';
import type { Db, Tx } from '../create-db.ts';
import type { AccountKind, AccountRow, PostingRow, TransferRow } from '../tables/index.ts';
import { isFirstDue } from './delete-due.ts';

export interface AccountKey {
  readonly kind: AccountKind;
  readonly ownerId: string | null;
}

/** Opens accounts with nothing in them. Opening one twice leaves the first. */
export async function insertAccounts(
  trx: Tx,
  accounts: readonly Pick<AccountRow, 'account_id' | 'kind' | 'owner_id'>[],
): Promise<void> {
  await trx
    .insertInto('accounts')
    .values(accounts.map((account) => ({ ...account, balance: 0n })))
    .onConflict((conflict) => conflict.columns(['kind', 'owner_id']).doNothing())
    .execute();
}

/** The platform's own accounts, as the migration made them. */
const PLATFORM_ACCOUNTS: Readonly<Partial<Record<AccountKind, string>>> = {
  fees: '00000000-0000-7000-8000-000000000001',
  mint: '00000000-0000-7000-8000-000000000002',
};

/** Accounts by kind and owner, locked in the order of their ids; the platform's own have no balance, and so no lock. */
export async function lockAccounts(trx: Tx, keys: readonly AccountKey[]): Promise<AccountRow[]> {
  const owned = keys.filter(({ ownerId }) => ownerId !== null);
  const platform = keys.flatMap(({ kind, ownerId }) => {
    const account_id = ownerId === null ? PLATFORM_ACCOUNTS[kind] : undefined;
    return account_id === undefined ? [] : [{ account_id, kind, owner_id: null, balance: null }];
  });
  if (owned.length === 0) return platform;
  const rows = await selectLocked(trx, ...owned.flatMap(({ kind, ownerId }) => [kind, ownerId]));
  return [...rows, ...platform];
}

/**
 * By a condition for each account, since Postgres may rather match all accounts to what they would be joined to; and in the order of
 * the ids' texts, which is that of the ids, since it may rather go through all accounts in the order of an index.
 */
const selectLocked = compileOnce((_db, ...kindsAndOwners: (string | null)[]) => {
  const wanted = kindsAndOwners.flatMap((kind, index) =>
    index % 2 === 0 ? [sql`(kind = ${kind} AND owner_id = ${kindsAndOwners[index + 1]})`] : [],
  );
  return sql<AccountRow>`
    SELECT account_id, kind, owner_id, balance FROM accounts
    WHERE ${sql.join(wanted, sql` OR `)} ORDER BY account_id::text COLLATE "C" FOR NO KEY UPDATE`;
});

export async function findBalance(db: Db, key: AccountKey): Promise<bigint | null> {
  const row = await db
    .selectFrom('accounts')
    .select('balance')
    .where('kind', '=', key.kind)
    .where('owner_id', '=', key.ownerId)
    .executeTakeFirst();
  return row?.balance ?? null;
}

/** What an agent has at hand, and what its jobs hold of it, in cents. */
export interface Holdings {
  readonly available: bigint;
  readonly escrow: bigint;
  readonly bonds: bigint;
}

/** The holdings of the agent of a row of `agents`, one column each. */
export const holdingsColumns = () => [
  sql<bigint>`coalesce((SELECT balance FROM accounts WHERE kind = 'agent' AND owner_id = agents.agent_id), 0)`.as(
    'available',
  ),
  sql<bigint>`coalesce((SELECT sum(a.balance) FROM jobs j JOIN accounts a ON a.kind = 'escrow' AND a.owner_id = j.job_id
    WHERE j.client_agent_id = agents.agent_id AND j.funded_at IS NOT NULL AND j.settled_at IS NULL), 0)::bigint`.as(
    'escrow',
  ),
  sql<bigint>`coalesce((SELECT sum(a.balance) FROM jobs j JOIN accounts a ON a.kind = 'bond' AND a.owner_id = j.job_id
    WHERE j.seller_agent_id = agents.agent_id AND j.funded_at IS NOT NULL AND j.settled_at IS NULL), 0)::bigint`.as(
    'bonds',
  ),
];

export async function findHoldings(db: Db, agentId: string): Promise<Holdings> {
  const row = await db
    .selectFrom('agents')
    .select(holdingsColumns)
    .where('agent_id', '=', agentId)
    .executeTakeFirst();
  return row ?? { available: 0n, escrow: 0n, bonds: 0n };
}

/** What the platform has collected in fees and not taken out, cents. */
export async function sumFees(db: Db): Promise<bigint> {
  const { rows } = await sql<{
    sum: bigint;
  }>`SELECT coalesce(sum(amount), 0)::bigint AS sum FROM fee_sums`.execute(db);
  return rows[0]!.sum;
}

/** Puts the sums of up to `limit` rows into one. Returns how many rows fewer there are. */
export async function mergeFeeSums(trx: Tx, limit: number): Promise<number> {
  const { rows } = await sql<{ fewer: number }>`
    WITH taken AS (
      DELETE FROM fee_sums WHERE ${isFirstDue('fee_sums', { where: sql`true`, orderBy: 'sum_id', limit })}
      RETURNING amount
    ), merged AS (
      INSERT INTO fee_sums (amount) SELECT sum(amount) FROM taken HAVING count(*) > 0
    )
    SELECT greatest(count(*) - 1, 0)::integer AS fewer FROM taken`.execute(trx);
  return rows[0]!.fewer;
}

/** What the audit counted, to be shown beside its findings. */
export async function countLedger(db: Db): Promise<{
  accounts: number;
  transfers: number;
  postings: number;
  agents: bigint;
  held: bigint;
  fees: bigint;
  minted: bigint;
}> {
  const { rows } = await sql<{
    accounts: bigint;
    transfers: bigint;
    postings: bigint;
    agents: bigint;
    held: bigint;
    fees: bigint;
    minted: bigint;
  }>`
    SELECT (SELECT count(*) FROM accounts) AS accounts, (SELECT count(*) FROM transfers) AS transfers, (SELECT count(*) FROM postings) AS postings,
      (SELECT coalesce(sum(balance), 0)::bigint FROM accounts WHERE kind = 'agent') AS agents,
      (SELECT coalesce(sum(balance), 0)::bigint FROM accounts WHERE kind IN ('escrow', 'bond')) AS held,
      (SELECT coalesce(sum(p.amount), 0)::bigint FROM postings p JOIN accounts a USING (account_id) WHERE a.kind = 'fees') AS fees,
      (SELECT coalesce(-sum(p.amount), 0)::bigint FROM postings p JOIN accounts a USING (account_id) WHERE a.kind = 'mint') AS minted`.execute(
    db,
  );
  const row = rows[0]!;
  return {
    ...row,
    accounts: Number(row.accounts),
    transfers: Number(row.transfers),
    postings: Number(row.postings),
  };
}

/** Serialises what takes fees out, since the fee account keeps no balance to lock. */
export async function lockFees(trx: Tx): Promise<void> {
  await trx.selectFrom('accounts').select('account_id').where('kind', '=', 'fees').forNoKeyUpdate().execute();
}

/** How many unsettled funded jobs an agent takes part in. */
export async function countFundedJobsOf(db: Db, agentId: string): Promise<number> {
  const row = await db
    .selectFrom('jobs')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where((eb) => eb.or([eb('client_agent_id', '=', agentId), eb('seller_agent_id', '=', agentId)]))
    .where('funded_at', 'is not', null)
    .where('settled_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Transfers, each with its postings in order, and the balances that they lead to of accounts which the transaction has locked. */
export interface LedgerEntries {
  readonly transfers: readonly TransferRow[];
  readonly postings: readonly Omit<PostingRow, 'posting_id'>[];
  readonly balances: readonly Pick<AccountRow, 'account_id' | 'balance'>[];
}

/** The constraint that a transfer breaks whose reference another one has. */
export const TRANSFER_REFERENCE = 'transfers_reference_key';

/** Writes transfers, postings and balances in one statement. */
export async function insertLedgerEntries(trx: Tx, entries: LedgerEntries): Promise<void> {
  const { transfers, postings, balances } = entries;
  await insertEntries(
    trx,
    ...columnsOf(transfers, 'transfer_id', 'reference', 'kind', 'job_id', 'created_at'),
    ...columnsOf(postings, 'transfer_id', 'account_id', 'amount', 'balance_after'),
    ...columnsOf(balances, 'account_id', 'balance'),
  );
}

const columnsOf = <Row>(rows: readonly Row[], ...names: (keyof Row)[]) =>
  names.map((name) => rows.map((row) => row[name]));

/** Accounts by `ANY`, and not by a join: to what they would be joined to, Postgres may rather match all of them. */
const insertEntries = compileOnce((_db, ...columns: unknown[]) => {
  const [transferIds, references, kinds, jobIds, times, ...others] = columns;
  const [ofTransfers, ofAccounts, amounts, balancesAfter, accountIds, balances] = others;
  return sql`
    WITH new_transfers AS (
      INSERT INTO transfers (transfer_id, reference, kind, job_id, created_at)
      SELECT * FROM unnest(${transferIds}::uuid[], ${references}::text[], ${kinds}::text[], ${jobIds}::uuid[], ${times}::timestamptz[])
    ), new_postings AS (
      INSERT INTO postings (transfer_id, account_id, amount, balance_after)
      SELECT * FROM unnest(${ofTransfers}::uuid[], ${ofAccounts}::uuid[], ${amounts}::bigint[], ${balancesAfter}::bigint[])
    )
    UPDATE accounts SET balance = (${balances}::bigint[])[array_position(${accountIds}::uuid[], account_id)]
    WHERE account_id = ANY(${accountIds}::uuid[])`;
});
