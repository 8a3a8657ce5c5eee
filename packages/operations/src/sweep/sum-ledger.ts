import {
  countAccounts,
  findLedgerEnd,
  findTransferFaults,
  keepLedgerEnd,
  type LedgerSumsRow,
  listBegunTransfers,
  lockLedgerSums,
  sumTransfers,
  updateLedgerSums,
} from '@agent-registry/db';
import type { Op } from '../op.ts';

/** Postings that one step adds. */
const LEDGER_BATCH = 5_000;
/** Transfers whose faults are remembered. */
const SUSPECTS_MAX = 1_000;

/**
 * Adds to the ledger's kept sums what has been posted. Postings get their numbers before they are committed, in another order, so
 * that the sums go up to an end only once everybody who may have taken a number up to there has finished: one sweep notes the end,
 * and a later one goes there.
 *
 * @returns how many postings it added, where more are left up to the end; 0 otherwise.
 */
export async function sumLedger(op: Op): Promise<number> {
  // Before the lock gives this transaction its id: see `keepLedgerEnd`.
  const end = await findLedgerEnd(op.trx);
  const kept = await lockLedgerSums(op.trx);
  if (kept === undefined) return 0;
  const { is_settled: isSettled, is_foreign: isForeign, ...sums } = kept;
  if (isSettled) {
    const added = await addUpTo(op, sums);
    if (added > 0) return added;
  }
  if (!isSettled && !isForeign && sums.next_xid !== null) return 0;
  const [postingId, accountNumber] = isSettled
    ? [sums.next_posting_id, sums.next_account_number]
    : [sums.posting_id, sums.account_number];
  const hasMore = end.posting_id !== postingId || end.account_number !== accountNumber;
  if (hasMore) await keepLedgerEnd(op.trx, end, op.now);
  return 0;
}

/** @returns how many postings it added where that is not all up to the next end; 0 otherwise. */
async function addUpTo(op: Op, kept: LedgerSumsRow): Promise<number> {
  const { next_posting_id: until, next_account_number: lastAccount, next_at: at, ...sums } = kept;
  if (until === null || lastAccount === null || at === null) return 0;
  const begun = await listBegunTransfers(op.trx, { after: sums.posting_id, until }, LEDGER_BATCH);
  const isWhole = begun.postings < LEDGER_BATCH;
  const more = await sumTransfers(op.trx, begun.transferIds);
  const opened = isWhole
    ? await countAccounts(op.trx, { after: sums.account_number, until: lastAccount })
    : 0n;
  const faults = await findTransferFaults(op.trx, [...sums.suspects, ...begun.transferIds]);
  const suspects = [...new Set(faults.map((fault) => fault.transfer_id))].slice(0, SUSPECTS_MAX);
  await updateLedgerSums(op.trx, {
    ...addSums(sums, more),
    accounts: sums.accounts + opened,
    suspects,
    posting_id: isWhole ? until : begun.last,
    ...(isWhole && { account_number: lastAccount, as_of: at }),
  });
  return isWhole ? 0 : begun.postings;
}

/** Adds what transfers come to, to sums of others. */
export function addSums<Sums extends Awaited<ReturnType<typeof sumTransfers>>>(
  to: Sums,
  { postings, transfers, agent, escrow, bond, fees, mint }: Awaited<ReturnType<typeof sumTransfers>>,
) {
  return {
    postings: to.postings + postings,
    transfers: to.transfers + transfers,
    agent: to.agent + agent,
    escrow: to.escrow + escrow,
    bond: to.bond + bond,
    fees: to.fees + fees,
    mint: to.mint + mint,
  };
}
