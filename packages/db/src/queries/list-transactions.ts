import type { Db } from '../create-db.ts';
import type { PostingRow, TransferRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';

/** One line of an agent's statement. */
export type StatementRow = TransferRow & Pick<PostingRow, 'posting_id' | 'amount' | 'balance_after'>;

/** The account is found first: joined to it, postings would all be read before the newest of them. */
function ofAgent(db: Db, agentId: string) {
  const account = db
    .selectFrom('accounts')
    .select('account_id')
    .where('kind', '=', 'agent')
    .where('owner_id', '=', agentId);
  return db.selectFrom('postings').where('account_id', '=', account);
}

/** Everything that moved an agent's available balance, newest first. `before` is the last posting of the page before. */
export function listTransactions(
  db: Db,
  agentId: string,
  page: { readonly limit: number; readonly offset: number; readonly before: bigint | null },
): Promise<StatementRow[]> {
  const lines = ofAgent(db, agentId)
    .select(['posting_id', 'transfer_id', 'amount', 'balance_after'])
    .$if(page.before !== null, (query) => query.where('posting_id', '<', page.before!))
    .orderBy('posting_id', 'desc')
    .limit(page.limit)
    .offset(page.before === null ? page.offset : 0);
  return db
    .selectFrom(lines.as('lines'))
    .innerJoin('transfers', 'transfers.transfer_id', 'lines.transfer_id')
    .selectAll('transfers')
    .select(['lines.posting_id', 'lines.amount', 'lines.balance_after'])
    .orderBy('lines.posting_id', 'desc')
    .execute();
}

export function countTransactions(db: Db, agentId: string, limit: number): Promise<number> {
  return countTo(db, limit, ofAgent(db, agentId).select('posting_id'));
}
