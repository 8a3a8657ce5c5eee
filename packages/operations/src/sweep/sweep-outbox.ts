import { deleteUnreachableWebhooks, returnToSweep, sweepOutbox as takeOverdue } from '@agent-registry/db';
import type { Op } from '../op.ts';

/** Overdue entries one transaction takes. */
export const SWEEP_BATCH = 500;

/**
 * Takes a batch of what is overdue, under new generations; `op.outbox` names the entries whose tasks are to be created.
 * Webhooks to agents that can no longer be sent any are taken off; their deliveries are kept.
 *
 * @param input.webhookLagMs how late the webhooks' queue is at the moment: what is later than that is lost.
 * @returns how many entries were taken; fewer than SWEEP_BATCH: none is left.
 */
export async function sweepOutbox(
  op: Op,
  input: { webhookLagMs: number } = { webhookLagMs: 0 },
): Promise<{ taken: number; dropped: number }> {
  const rows = await takeOverdue(op.trx, op.now, SWEEP_BATCH, input.webhookLagMs);
  const ids = rows.map((row) => row.outbox_id);
  const dropped = new Set(await deleteUnreachableWebhooks(op.trx, ids));
  op.outbox.push(...ids.filter((outboxId) => !dropped.has(outboxId)));
  return { taken: rows.length, dropped: dropped.size };
}

/** Hands entries whose tasks could not be created to the next sweep, so that an outage of Cloud Tasks costs no backoff. */
export async function returnSwept(op: Op, outboxIds: readonly string[]): Promise<void> {
  await returnToSweep(op.trx, outboxIds, op.now);
}
