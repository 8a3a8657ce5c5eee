import type { AgentRow } from '@agent-registry/db';
import type { WebhookDelivery } from '@agent-registry/schemas';
import { emit } from '../emit.ts';
import { invariant, type Op } from '../op.ts';
import { assertEndpoint } from './redeliver-webhook.ts';

/**
 * Sends an agent a ping, also where its endpoint is disabled: one that succeeds enables it.
 *
 * @returns the new delivery as its agent sees it; its row is written with the commit.
 * @throws RegistryError endpoint_missing.
 */
export function sendPing(op: Op, agent: AgentRow): WebhookDelivery {
  assertEndpoint(agent, true);
  emit(op, 'ping', null, {}, [agent.agent_id]);
  const delivery = op.outbox.deliveries.at(-1);
  invariant(delivery !== undefined, 'an event has a delivery for each agent that hears of it');
  return {
    delivery_id: delivery.delivery_id,
    event_type: 'ping',
    status: 'pending',
    exhausted: false,
    attempts: 0,
    last_error: null,
    created_at: op.now.toISOString(),
    body: delivery.event.body,
    attempt_log: [],
  };
}
