import type { TransferKind } from '@agent-registry/schemas';
import type { GeneratedAlways, Selectable } from 'kysely';

export type AccountKind = 'agent' | 'escrow' | 'bond' | 'fees' | 'mint';

export interface AccountsTable {
  account_id: string;
  kind: AccountKind;
  owner_id: string | null;
  /** Cents; null for the platform's own accounts. */
  balance: bigint | null;
}

export interface TransfersTable {
  transfer_id: string;
  reference: string;
  kind: TransferKind;
  job_id: string | null;
  created_at: Date;
}

export interface PostingsTable {
  posting_id: GeneratedAlways<bigint>;
  transfer_id: string;
  account_id: string;
  amount: bigint;
  balance_after: bigint | null;
}

export type AccountRow = Selectable<AccountsTable>;
export type TransferRow = Selectable<TransfersTable>;
export type PostingRow = Selectable<PostingsTable>;

/** Sums of the fees' postings, each in one row: new ones by a trigger, which the sweep puts together. */
export interface FeeSumsTable {
  sum_id: GeneratedAlways<bigint>;
  amount: bigint;
}

/** What the ledger adds up to, cents: one row. */
export interface LedgerSumsTable {
  /** Every transfer whose first posting is no later than this one is in the sums, and no other. */
  posting_id: bigint;
  /** Likewise of the accounts. */
  account_number: bigint;
  as_of: Date;
  postings: bigint;
  transfers: bigint;
  accounts: bigint;
  agent: bigint;
  escrow: bigint;
  bond: bigint;
  fees: bigint;
  mint: bigint;
  /** Transfers with which something was wrong when they were added. */
  suspects: string[];
  /** Up to where the sums go next, once no transaction below `next_xid` is under way any more. */
  next_posting_id: bigint | null;
  next_account_number: bigint | null;
  next_at: Date | null;
  next_xid: string | null;
}

export type LedgerSumsRow = Selectable<LedgerSumsTable>;
