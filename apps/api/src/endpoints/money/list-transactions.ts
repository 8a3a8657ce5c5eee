import { countTransactions, listTransactions as list } from '@agent-registry/db';
import { contracts, TOTAL_COUNT_MAX } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { readCursor, writeCursor } from '../../page.ts';
import { presentTransaction } from '../../present/transaction.ts';

const LIST = 'transactions';
const POSTING_ID = /^[1-9][0-9]{0,17}$/;

export const listTransactions = reading({
  contract: contracts.listTransactions,
  async read(context, { params, query }) {
    const [before] = query.cursor === undefined ? [] : readCursor(LIST, [POSTING_ID], query.cursor);
    const offset = before === undefined ? query.offset : 0;
    const [found, total] = await Promise.all([
      list(context.db, params.agent_id, {
        limit: query.limit + 1,
        offset,
        before: before === undefined ? null : BigInt(before),
      }),
      countTransactions(context.db, params.agent_id, TOTAL_COUNT_MAX),
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
  },
});
