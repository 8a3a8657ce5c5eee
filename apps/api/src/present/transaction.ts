import type { StatementRow } from '@agent-registry/db';
import { formatCents, type Transaction } from '@agent-registry/schemas';
import { time } from './time.ts';

const OPERATORS = 'operator:';

/** One line of a statement. The reference is shown where a person gave it. */
export function presentTransaction(row: StatementRow): Transaction {
  return {
    transfer_id: row.transfer_id,
    kind: row.kind,
    type: row.kind,
    status: 'completed',
    amount: formatCents(row.amount),
    balance_after: formatCents(row.balance_after ?? 0n),
    job_id: row.job_id,
    reference: row.reference.startsWith(OPERATORS) ? row.reference.slice(OPERATORS.length) : null,
    created_at: time(row.created_at),
  };
}
