import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { OutboxRow } from '../tables/index.ts';
import { OVERDUE_MS } from './outbox.ts';
import { isReachable } from './reachable.ts';
import type { AttemptName } from './webhook-attempts.ts';

/**
 * Moves an outbox entry to a later time under a new generation, so that the task created for the old time finds nothing to do.
 * Undefined when the entry is gone.
 */
export async function postponeOutbox(
  trx: Tx,
  name: AttemptName,
  delayMs: (generation: number) => number,
  now: Date,
): Promise<OutboxRow | undefined> {
  const row = await trx
    .selectFrom('outbox')
    .select(['outbox_id', 'generation'])
    .where('kind', '=', 'webhook')
    .where('subject', '=', name.deliveryId)
    .where('cycle', '=', name.cycle)
    .where('attempt', '=', name.attempt)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const dueAt = new Date(now.getTime() + delayMs(row.generation));
  return trx
    .updateTable('outbox')
    .set({
      due_at: dueAt,
      check_at: new Date(dueAt.getTime() + OVERDUE_MS),
      generation: row.generation + 1,
    })
    .where('outbox_id', '=', row.outbox_id)
    .returningAll()
    .executeTakeFirst();
}

/** Of these outbox entries, takes off the webhooks that nobody can be sent any more. The deliveries are kept. */
export async function deleteUnreachableWebhooks(trx: Tx, outboxIds: readonly string[]): Promise<string[]> {
  if (outboxIds.length === 0) return [];
  const { rows } = await sql<{ outbox_id: string }>`
    DELETE FROM outbox WHERE outbox_id = ANY(${[...outboxIds]}::uuid[]) AND kind = 'webhook' AND NOT EXISTS (
      SELECT FROM webhook_deliveries delivery JOIN agents agent USING (agent_id)
      WHERE delivery.delivery_id = CASE WHEN outbox.kind = 'webhook' THEN outbox.subject::uuid END
        AND delivery.status = 'pending' AND delivery.cycle = outbox.cycle
        AND ${isReachable('agent', 'delivery.event_type')})
    RETURNING outbox_id`.execute(trx);
  return rows.map((row) => row.outbox_id);
}

/** What the tasks of deliveries are made of: the event as it happened, the endpoint and the secrets as they are now. */
export function listWebhookSources(db: Db, deliveryIds: readonly string[]) {
  return db
    .selectFrom('webhook_deliveries as delivery')
    .innerJoin('events as event', 'event.event_id', 'delivery.event_id')
    .innerJoin('agents as agent', 'agent.agent_id', 'delivery.agent_id')
    .select([
      'delivery.delivery_id',
      'event.type',
      'event.job_id',
      'event.body',
      'agent.agent_id',
      'agent.endpoint_url',
      'agent.webhook_secret',
      'agent.previous_webhook_secret',
      'agent.previous_secret_until',
    ])
    .where('delivery.delivery_id', '=', sql<string>`ANY(${[...deliveryIds]}::uuid[])`)
    .execute();
}
