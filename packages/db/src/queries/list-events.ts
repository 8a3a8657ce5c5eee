import type { Db, Tx } from '../create-db.ts';
import type { EventRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, past, skipped } from './keyset.ts';

/** A job's events, oldest first. */
export function listEventsOfJob(db: Db, jobId: string, page: KeysetPage): Promise<EventRow[]> {
  return db
    .selectFrom('events')
    .selectAll()
    .where('job_id', '=', jobId)
    .where(past('asc', 'created_at', 'event_id', page.after))
    .orderBy('created_at')
    .orderBy('event_id')
    .limit(page.limit)
    .offset(skipped(page))
    .execute();
}

export function countEventsOfJob(db: Db, jobId: string, limit: number): Promise<number> {
  return countTo(db, limit, db.selectFrom('events').select('event_id').where('job_id', '=', jobId));
}

export async function insertEvent(trx: Tx, event: EventRow): Promise<void> {
  await trx.insertInto('events').values(event).execute();
}

/** An event's deliveries, one an agent, not yet tried. */
export async function insertDeliveries(
  trx: Tx,
  event: EventRow,
  deliveries: readonly { readonly deliveryId: string; readonly agentId: string }[],
): Promise<void> {
  const rows = deliveries.map(({ agentId, deliveryId }) => ({
    delivery_id: deliveryId,
    event_id: event.event_id,
    agent_id: agentId,
    event_type: event.type,
    status: 'pending' as const,
    created_at: event.created_at,
    last_error: null,
    finished_at: null,
  }));
  await trx.insertInto('webhook_deliveries').values(rows).execute();
}
