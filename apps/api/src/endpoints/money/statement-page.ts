import { countTransactions, type Db, listTransactions } from '@agent-registry/db';
import { type PageRequest, TOTAL_COUNT_MAX } from '@agent-registry/schemas';
import { readCursor, writeCursor } from '../../page.ts';
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
  const rows = found.slice(0, query.limit);
  const last = found.length > query.limit ? rows.at(-1) : undefined;
  return {
    items: rows.map(presentTransaction),
    total,
    limit: query.limit,
    offset,
    next_cursor: last === undefined ? null : writeCursor(LIST, [String(last.posting_id)]),
  };
}
