import {
  type AccountKey,
  type AccountRow,
  insertLedgerEntries,
  lockAccounts,
  TRANSFER_REFERENCE,
} from '@agent-registry/db';
import type { AccountRef, Transfer } from '@agent-registry/domain';
import { formatCents, RegistryError } from '@agent-registry/schemas';
import { type OpenTransfer, openTransfers } from '../log/openings.ts';
import { defer, invariant, type Op, refuseDuplicate } from '../op.ts';

const keyOf = (account: AccountRef): AccountKey => ({
  kind: account.kind,
  ownerId: 'ownerId' in account ? account.ownerId : null,
});
const nameOf = (key: AccountKey) => `${key.kind}:${key.ownerId ?? ''}`;

/**
 * Writes transfers to the ledger: locks every account they touch in sorted order, refuses what would leave one below zero,
 * and has the postings written with the balances after them.
 *
 * @returns the transfers in order, as the log's openings have them.
 * @throws RegistryError insufficient_funds; the operation fails of duplicate_reference.
 */
export async function postTransfers(op: Op, transfers: readonly Transfer[]): Promise<OpenTransfer[]> {
  const keys = new Map(
    transfers
      .flatMap((transfer) => transfer.postings)
      .map(({ account }) => [nameOf(keyOf(account)), keyOf(account)]),
  );
  if (keys.size === 0) return [];
  const locked = await lockAccounts(op.trx, [...keys.values()]);
  const accounts = new Map(
    locked.map((row) => [nameOf({ kind: row.kind, ownerId: row.owner_id }), { ...row }]),
  );
  const rows = transfers.map((transfer) => ({ transfer, id: op.ids.next() }));
  const postings = rows.flatMap(({ transfer, id }) => applyTransfer(accounts, transfer, id));
  const entries = {
    transfers: rows.map(({ transfer: { reference, kind, jobId }, id }) => ({
      transfer_id: id,
      reference,
      kind,
      job_id: jobId,
      created_at: op.now,
    })),
    postings,
    balances: [...accounts.values()].filter(({ balance }) => balance !== null),
  };
  const written = insertLedgerEntries(op.trx, entries);
  defer(op, refuseDuplicate(written, TRANSFER_REFERENCE, referenceTaken));
  return openTransfers(
    rows.map(({ id }) => id),
    transfers,
  );
}

const referenceTaken = () =>
  new RegistryError('duplicate_reference', 'A transfer with this reference exists.');

/** The refusal of a transfer, with whose balance is too small: the figures in it are for nobody else. */
export class InsufficientFunds extends RegistryError {
  readonly ownerId: string | null;

  constructor(ownerId: string | null, detail: string) {
    super('insufficient_funds', detail);
    this.ownerId = ownerId;
  }
}

function applyTransfer(accounts: Map<string, AccountRow>, transfer: Transfer, transferId: string) {
  return transfer.postings.map(({ account, amount }) => {
    const key = keyOf(account);
    const row = accounts.get(nameOf(key));
    invariant(row !== undefined, `account ${nameOf(key)} exists`);
    if (row.balance !== null) {
      const after = row.balance + amount;
      if (after < 0n) throw shortOf(key, row.balance, -amount);
      row.balance = after;
    }
    return { transfer_id: transferId, account_id: row.account_id, amount, balance_after: row.balance };
  });
}

function shortOf(key: AccountKey, balance: bigint, needed: bigint): RegistryError {
  invariant(key.kind === 'agent', `${nameOf(key)} holds what its job says it holds`);
  const detail = `There are ${formatCents(balance)} available, and it takes ${formatCents(needed)}.`;
  return new InsufficientFunds(key.ownerId, detail);
}
