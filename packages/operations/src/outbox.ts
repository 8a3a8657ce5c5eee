import { putOutbox } from '@agent-registry/db';
import type { OutboxKind } from '@agent-registry/schemas';
import type { Op } from './op.ts';

/** Notes that something must happen, and that its alarm is to be set after the commit. */
export async function schedule(
  op: Op,
  entry: {
    kind: OutboxKind;
    subject: string;
    cycle: number;
    attempt: number;
    jobId: string | null;
    dueAt: Date;
  },
): Promise<void> {
  const row = await putOutbox(op.trx, { ...entry, outboxId: op.ids.next(), now: op.now });
  if (row !== undefined) op.outbox.push(row.outbox_id);
}
