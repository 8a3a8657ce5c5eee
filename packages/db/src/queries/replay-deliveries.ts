import type { EventType } from '@agent-registry/schemas';
import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { DeliveryRow, OutboxRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPosition, past } from './keyset.ts';
import { OVERDUE_MS } from './outbox.ts';

export interface DeliveryRange {
  readonly agentId: string;
  readonly since: Date;
  readonly until: Date;
  readonly events: readonly EventType[] | null;
  /** The last delivery of the batch before. */
  readonly after: KeysetPosition | null;
}

function inRange(db: Db, range: DeliveryRange) {
  return db
    .selectFrom('webhook_deliveries')
    .where('agent_id', '=', range.agentId)
    .where('created_at', '>=', range.since)
    .where('created_at', '<=', range.until)
    .$if(range.events !== null, (query) =>
      query.where('event_type', '=', sql<EventType>`ANY(${[...(range.events ?? [])]}::text[])`),
    )
    .where(past('asc', 'created_at', 'delivery_id', range.after));
}

/** The deliveries of a range, oldest first, locked. */
export function lockDeliveriesInRange(trx: Tx, range: DeliveryRange, limit: number): Promise<DeliveryRow[]> {
  return inRange(trx, range)
    .selectAll()
    .orderBy('created_at')
    .orderBy('delivery_id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
}

/** How many deliveries a range holds, counted no further than `limit`. */
export function countDeliveriesInRange(db: Db, range: DeliveryRange, limit: number): Promise<number> {
  return countTo(db, limit, inRange(db, range).select('delivery_id'));
}

/** Opens a new cycle for each of these deliveries, with a first attempt due now. Returns the outbox entries. */
export async function reopenDeliveries(
  trx: Tx,
  entries: readonly { readonly deliveryId: string; readonly outboxId: string }[],
  now: Date,
): Promise<OutboxRow[]> {
  if (entries.length === 0) return [];
  const deliveryIds = entries.map(({ deliveryId }) => deliveryId);
  await sql`DELETE FROM outbox WHERE kind = 'webhook' AND subject = ANY(${deliveryIds}::text[])`.execute(trx);
  const checkAt = new Date(now.getTime() + OVERDUE_MS);
  const { rows } = await sql<OutboxRow>`
    WITH reopened AS (
      UPDATE webhook_deliveries SET cycle = cycle + 1, status = 'pending', exhausted = false, finished_at = NULL
      WHERE delivery_id = ANY(${deliveryIds}::uuid[]) RETURNING delivery_id, event_id, cycle)
    INSERT INTO outbox (outbox_id, kind, subject, cycle, attempt, job_id, due_at, check_at, created_at)
    SELECT entry.outbox_id, 'webhook', reopened.delivery_id::text, reopened.cycle, 1, event.job_id, ${now}, ${checkAt}, ${now}
    FROM reopened JOIN events event USING (event_id)
    JOIN unnest(${deliveryIds}::uuid[], ${entries.map(({ outboxId }) => outboxId)}::uuid[]) AS entry (delivery_id, outbox_id)
      USING (delivery_id)
    RETURNING *`.execute(trx);
  return rows;
}

/** Those of these deliveries that an outbox entry brings on its way, with the attempt that is next. */
export function listDeliveriesUnderWay(
  trx: Tx,
  deliveryIds: readonly string[],
): Promise<{ subject: string; attempt: number }[]> {
  if (deliveryIds.length === 0) return Promise.resolve([]);
  return trx
    .selectFrom('outbox')
    .select(['subject', 'attempt'])
    .where('kind', '=', 'webhook')
    .where('subject', '=', sql<string>`ANY(${[...deliveryIds]}::text[])`)
    .execute();
}
