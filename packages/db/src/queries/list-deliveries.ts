import type { DeliveryStatus } from '@agent-registry/schemas';
import { sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type { AttemptRow, DeliveryRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, paged } from './keyset.ts';

/** A delivery with the body that is sent. */
export type DeliveryWithBody = DeliveryRow & { body: string };

const newestFirst = (db: Db, page: KeysetPage) =>
  db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .$call(paged('desc', 'created_at', 'delivery_id', page));

/** With the bodies, which are read for the page alone and not for what an offset skips. */
function withBodies(db: Db, page: ReturnType<typeof newestFirst>): Promise<DeliveryWithBody[]> {
  return db
    .selectFrom(page.as('delivery'))
    .innerJoin('events as event', 'event.event_id', 'delivery.event_id')
    .selectAll('delivery')
    .select('event.body')
    .orderBy('delivery.created_at', 'desc')
    .orderBy('delivery.delivery_id', 'desc')
    .execute();
}

export async function findDeliveryWithBody(
  db: Db,
  deliveryId: string,
): Promise<DeliveryWithBody | undefined> {
  const page = newestFirst(db, { limit: 1, offset: 0, after: null });
  const [found] = await withBodies(db, page.where('delivery_id', '=', deliveryId));
  return found;
}

/** An agent's deliveries, newest first. */
export function listDeliveries(
  db: Db,
  agentId: string,
  status: DeliveryStatus | null,
  page: KeysetPage,
): Promise<DeliveryWithBody[]> {
  return withBodies(
    db,
    newestFirst(db, page)
      .where('agent_id', '=', agentId)
      .$if(status !== null, (query) => query.where('status', '=', status ?? 'pending')),
  );
}

/** Deliveries that failed, of one agent or of all, newest first. */
export function listFailedDeliveries(
  db: Db,
  agentId: string | null,
  page: KeysetPage,
): Promise<DeliveryWithBody[]> {
  return withBodies(
    db,
    newestFirst(db, page)
      .where('status', '=', 'failed')
      .$if(agentId !== null, (query) => query.where('agent_id', '=', agentId ?? '')),
  );
}

/** How many deliveries failed, counted no further than `limit`. */
export function countFailedDeliveries(db: Db, agentId: string | null, limit: number): Promise<number> {
  const failed = db
    .selectFrom('webhook_deliveries')
    .select('delivery_id')
    .where('status', '=', 'failed')
    .$if(agentId !== null, (query) => query.where('agent_id', '=', agentId ?? ''));
  return countTo(db, limit, failed);
}

/** Attempts a delivery's log shows at most; older ones are kept and not shown. */
const ATTEMPT_LOG_MAX = 50;

/** The latest attempts of each of these deliveries, in the order they were made. */
export async function listAttempts(db: Db, deliveryIds: readonly string[]): Promise<AttemptRow[]> {
  if (deliveryIds.length === 0) return [];
  const { rows } = await sql<AttemptRow>`
    SELECT attempt.* FROM unnest(${[...deliveryIds]}::uuid[]) AS wanted (delivery_id)
    CROSS JOIN LATERAL (
      SELECT * FROM webhook_attempts WHERE webhook_attempts.delivery_id = wanted.delivery_id
      ORDER BY cycle DESC, attempt DESC LIMIT ${ATTEMPT_LOG_MAX}) AS attempt
    ORDER BY attempt.delivery_id, attempt.cycle, attempt.attempt`.execute(db);
  return rows;
}
