import {
  type AttemptRow,
  type Db,
  type DeliveryWithBody,
  findDeliveryWithBody,
  listAttempts,
} from '@agent-registry/db';
import type { WebhookDelivery } from '@agent-registry/schemas';
import { notFound } from '../op.ts';

/** Deliveries as their agent sees them, each with its latest attempts. */
export async function viewDeliveries(
  db: Db,
  deliveries: readonly DeliveryWithBody[],
): Promise<WebhookDelivery[]> {
  const attempts = await listAttempts(
    db,
    deliveries.map((delivery) => delivery.delivery_id),
  );
  const byDelivery = Map.groupBy(attempts, (attempt) => attempt.delivery_id);
  return deliveries.map((delivery) => ({
    delivery_id: delivery.delivery_id,
    event_type: delivery.event_type,
    status: delivery.status,
    exhausted: delivery.exhausted,
    attempts: delivery.attempts,
    last_error: delivery.last_error,
    created_at: delivery.created_at.toISOString(),
    body: delivery.body,
    attempt_log: (byDelivery.get(delivery.delivery_id) ?? []).map(viewAttempt),
  }));
}

/** One delivery as its agent sees it. @throws RegistryError not_found. */
export async function viewDelivery(db: Db, deliveryId: string): Promise<WebhookDelivery> {
  const found = await findDeliveryWithBody(db, deliveryId);
  const [view] = found === undefined ? [] : await viewDeliveries(db, [found]);
  if (view === undefined) throw notFound('delivery');
  return view;
}

function viewAttempt(attempt: AttemptRow): WebhookDelivery['attempt_log'][number] {
  return {
    cycle: attempt.cycle,
    attempt: attempt.attempt,
    started_at: attempt.started_at.toISOString(),
    duration_ms: attempt.duration_ms,
    phase: attempt.phase,
    status: attempt.status,
    error: attempt.error,
    response: attempt.response,
    next_attempt_at: attempt.next_attempt_at?.toISOString() ?? null,
  };
}
