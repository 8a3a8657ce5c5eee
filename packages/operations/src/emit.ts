import { insertDeliveries, insertEvent, type JobRow, listEndpoints } from '@agent-registry/db';
import { EVENT_AUDIENCE, type EventData, type EventType, type JobEventType } from '@agent-registry/schemas';
import type { Op } from './op.ts';
import { schedule } from './outbox.ts';
import { isReachable } from './webhooks/reachable.ts';

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
): Promise<string[]> {
  const body = JSON.stringify({ event: type, job_id: jobId, timestamp: op.now.toISOString(), data });
  const event = { event_id: op.ids.next(), job_id: jobId, type, body, created_at: op.now };
  const deliveries = agentIds.map((agentId) => ({ agentId, deliveryId: op.ids.next() }));
  await insertEvent(op.trx, event);
  await insertDeliveries(op.trx, event, deliveries);
  const endpoints = await listEndpoints(op.trx, agentIds);
  for (const { agentId, deliveryId } of deliveries) {
    const endpoint = endpoints.find((agent) => agent.agent_id === agentId);
    if (endpoint === undefined || !isReachable({ ...endpoint, event_type: type })) continue;
    await schedule(op, { kind: 'webhook', subject: deliveryId, cycle: 1, attempt: 1, jobId, dueAt: op.now });
  }
  return deliveries.map(({ deliveryId }) => deliveryId);
}
