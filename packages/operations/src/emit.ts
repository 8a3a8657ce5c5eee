import type { JobRow } from '@agent-registry/db';
import { EVENT_AUDIENCE, type EventData, type EventType, type JobEventType } from '@agent-registry/schemas';
import type { Op } from './op.ts';
import { schedule } from './outbox.ts';

/**
 * Records a job's event, as the bytes that will be signed, with a delivery for each party that hears of it.
 *
 * @param by the party whose act it was: needed where the other party hears of it.
 */
export async function emitJobEvent<T extends JobEventType>(
  op: Op,
  job: JobRow,
  type: T,
  data: EventData<T>,
  by?: string,
): Promise<void> {
  await emit(op, type, job.job_id, data, audienceOf(job, type, by));
}

function audienceOf(job: JobRow, type: JobEventType, by: string | undefined): string[] {
  switch (EVENT_AUDIENCE[type]) {
    case 'seller':
      return [job.seller_agent_id];
    case 'client':
      return [job.client_agent_id];
    case 'both':
      return [job.client_agent_id, job.seller_agent_id];
    case 'other':
      return [by === job.client_agent_id ? job.seller_agent_id : job.client_agent_id];
  }
}

/**
 * Records an event for these agents. An agent with a working endpoint gets a delivery attempt at once; for the others the
 * event is kept, to be read or replayed.
 *
 * @returns the deliveries' ids, in the order of `agentIds`.
 */
export async function emit<T extends EventType>(
  op: Op,
  type: T,
  jobId: string | null,
  data: EventData<T>,
  agentIds: readonly string[],
  options: { evenIfDisabled?: boolean } = {},
): Promise<string[]> {
  const eventId = op.ids.next();
  const body = JSON.stringify({ event: type, job_id: jobId, timestamp: op.now.toISOString(), data });
  await op.trx
    .insertInto('events')
    .values({ event_id: eventId, job_id: jobId, type, body, created_at: op.now })
    .execute();
  const reachable = await op.trx
    .selectFrom('agents')
    .select('agent_id')
    .where('agent_id', 'in', [...agentIds])
    .where('endpoint_url', 'is not', null)
    .where('status', '<>', 'deactivated')
    .$if(options.evenIfDisabled !== true, (query) => query.where('endpoint_disabled_at', 'is', null))
    .execute();
  const deliveries = agentIds.map((agentId) => ({ agentId, deliveryId: op.ids.next() }));
  await op.trx
    .insertInto('webhook_deliveries')
    .values(
      deliveries.map(({ agentId, deliveryId }) => ({
        delivery_id: deliveryId,
        event_id: eventId,
        agent_id: agentId,
        event_type: type,
        status: 'pending' as const,
        created_at: op.now,
        last_error: null,
        finished_at: null,
      })),
    )
    .execute();
  for (const { agentId, deliveryId } of deliveries) {
    if (!reachable.some((agent) => agent.agent_id === agentId)) continue;
    await schedule(op, { kind: 'webhook', subject: deliveryId, cycle: 1, attempt: 1, jobId, dueAt: op.now });
  }
  return deliveries.map(({ deliveryId }) => deliveryId);
}
