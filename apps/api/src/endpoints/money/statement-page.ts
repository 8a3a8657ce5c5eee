import { countTransactions, type Db, listTransactions } from '@agent-registry/db';
import { type PageRequest, TOTAL_COUNT_MAX } from '@agent-registry/schemas';
import { readCursor, showPage, writeCursor } from '../../page.ts';
import { presentTransaction } from '../../present/transaction.ts';

const LIST = 'transactions';
const POSTING_ID = /^[1-9][0-9]{0,17}$/;

/** A page of an agent's statement. */
export async function statementPage(db: Db, agentId: string, query: PageRequest) {
  const [before] = query.cursor === undefined ? [] : readCursor(LIST, [POSTING_ID], query.cursor);
  const offset = before === undefined ? query.offset : 0;
  const [found, total] = await Promise.all([
    listTransactions(db, agentId, {
      limit: query.limit + 1,
      offset,
      before: before === undefined ? null : BigInt(before),
    }),
    countTransactions(db, agentId, TOTAL_COUNT_MAX),
  ]);
  const page = showPage(found, { limit: query.limit, offset, total }, (row) =>
    writeCursor(LIST, [String(row.posting_id)]),
  );
  return { ...page, items: page.items.map(presentTransaction) };
}
