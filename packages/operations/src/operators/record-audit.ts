import { insertAudit } from '@agent-registry/db';
import type { Op } from '../op.ts';

/** Writes what an operator did to the audit that no service role can change, in the operation's transaction. */
export async function recordAudit(
  op: Op,
  entry: { operator: string; action: string; subject: string | null; details: unknown },
): Promise<void> {
  await insertAudit(op.trx, {
    audit_id: op.ids.next(),
    operator: entry.operator,
    action: entry.action,
    subject: entry.subject,
    details: JSON.stringify(entry.details, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
    created_at: op.now,
  });
}
