import { deleteUnreachableWebhooks, returnToSweep, sweepOutbox as takeOverdue } from '@agent-registry/db';
import type { Op } from '../op.ts';

/** Overdue entries one transaction takes. */
export const SWEEP_BATCH = 500;

/**
 * Takes a batch of what is overdue, under new generations, to have its tasks created.
 * Webhooks to agents that can no longer be sent any are taken off; their deliveries are kept.
 *
 * @param input.webhookLagMs how late the webhooks' queue is at the moment: what is later than that is lost.
 * @returns how many entries were taken (fewer than SWEEP_BATCH: none is left), and those whose tasks are created.
 */
export async function sweepOutbox(
  op: Op,
  input: { webhookLagMs: number } = { webhookLagMs: 0 },
): Promise<{ taken: number; dropped: number; outboxIds: string[] }> {
  const rows = await takeOverdue(op.trx, op.now, SWEEP_BATCH, input.webhookLagMs);
  const dropped = new Set(
    await deleteUnreachableWebhooks(
      op.trx,
      rows.map((row) => row.outbox_id),
    ),
  );
  const due = rows.filter((row) => !dropped.has(row.outbox_id));
  op.outbox.due.push(...due);
  return { taken: rows.length, dropped: dropped.size, outboxIds: due.map((row) => row.outbox_id) };
}

/** Hands entries whose tasks could not be created to the next sweep, so that an outage of Cloud Tasks costs no backoff. */
export async function returnSwept(op: Op, outboxIds: readonly string[]): Promise<void> {
  await returnToSweep(op.trx, outboxIds, op.now);
}
