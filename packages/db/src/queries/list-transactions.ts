import type { Db } from '../create-db.ts';
import type { PostingRow, TransferRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';

/** One line of an agent's statement. */
export type StatementRow = TransferRow & Pick<PostingRow, 'posting_id' | 'amount' | 'balance_after'>;

function ofAgent(db: Db, agentId: string) {
  return db
    .selectFrom('accounts')
    .innerJoin('postings', 'postings.account_id', 'accounts.account_id')
    .where('accounts.kind', '=', 'agent')
    .where('accounts.owner_id', '=', agentId);
}

/** Everything that moved an agent's available balance, newest first. `before` is the last posting of the page before. */
export function listTransactions(
  db: Db,
  agentId: string,
  page: { readonly limit: number; readonly offset: number; readonly before: bigint | null },
): Promise<StatementRow[]> {
  return ofAgent(db, agentId)
    .innerJoin('transfers', 'transfers.transfer_id', 'postings.transfer_id')
    .selectAll('transfers')
    .select(['postings.posting_id', 'postings.amount', 'postings.balance_after'])
    .$if(page.before !== null, (query) => query.where('postings.posting_id', '<', page.before!))
    .orderBy('postings.posting_id', 'desc')
    .limit(page.limit)
    .offset(page.before === null ? page.offset : 0)
    .execute();
}

export function countTransactions(db: Db, agentId: string, limit: number): Promise<number> {
  return countTo(db, limit, ofAgent(db, agentId).select('postings.posting_id'));
}
