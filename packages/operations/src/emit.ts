import type { JobRow } from '@agent-registry/db';
import { EVENT_AUDIENCE, type EventData, type EventType, type JobEventType } from '@agent-registry/schemas';
import type { Op } from './op.ts';

/**
 * Records a job's event, as the bytes that will be signed, with a delivery for each party that hears of it.
 *
 * @param by the party whose act it was: needed where the other party hears of it.
 */
export function emitJobEvent<T extends JobEventType>(
  op: Op,
  job: JobRow,
  type: T,
  data: EventData<T>,
  by?: string,
): void {
  emit(op, type, job.job_id, data, audienceOf(job, type, by));
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
export function emit<T extends EventType>(
  op: Op,
  type: T,
  jobId: string | null,
  data: EventData<T>,
  agentIds: readonly string[],
): string[] {
  const body = JSON.stringify({ event: type, job_id: jobId, timestamp: op.now.toISOString(), data });
  const event = { event_id: op.ids.next(), job_id: jobId, type, body, created_at: op.now };
  const deliveries = agentIds.map((agent_id) => ({
    agent_id,
    event,
    delivery_id: op.ids.next(),
    outbox_id: op.ids.next(),
  }));
  op.outbox.events.push(event);
  op.outbox.deliveries.push(...deliveries);
  return deliveries.map(({ delivery_id }) => delivery_id);
}
