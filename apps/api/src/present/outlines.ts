import type { DeliveryRow, FoundAgent, JobRow } from '@agent-registry/db';
import { formatCents, type JobOutline } from '@agent-registry/schemas';
import { presentAgent } from './agent.ts';
import { optionalTime, time } from './time.ts';

/** A job without its documents. */
export function outlineOfJob(job: JobRow): JobOutline {
  return {
    job_id: job.job_id,
    client_agent_id: job.client_agent_id,
    seller_agent_id: job.seller_agent_id,
    listing_id: job.listing_id,
    status: job.status,
    agreed_price: formatCents(job.price),
    seller_abort_penalty: formatCents(job.seller_abort_penalty),
    delivery_deadline: optionalTime(job.delivery_deadline),
    outcome: job.outcome,
    created_at: time(job.created_at),
    updated_at: time(job.updated_at),
  };
}

/** A delivery without its body and its attempts. */
export function outlineOfDelivery(row: DeliveryRow) {
  const { delivery_id, event_type, status, exhausted, attempts, last_error } = row;
  return {
    delivery_id,
    event_type,
    status,
    exhausted,
    attempts,
    last_error,
    created_at: time(row.created_at),
  };
}

/** An agent as operators see it: with the state of its endpoint, its money, and why it is suspended. */
export function presentFoundAgent(agent: Omit<FoundAgent, 'sort_key'>, now: Date) {
  return {
    ...presentAgent(agent, agent.agent_id, now),
    balance: formatCents(agent.balance),
    suspension_reason: agent.suspension_reason,
  };
}
