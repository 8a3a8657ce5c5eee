import { type AgentRow, findAgent, lockDelivery, reopenDeliveries } from '@agent-registry/db';
import { RegistryError } from '@agent-registry/schemas';
import { notFound, type Op } from '../op.ts';
import { spendReplays } from './replay-budget.ts';

/**
 * Sends one event again, with a fresh set of attempts. Attempts of the cycle before are dropped; one under way ends in the
 * log and changes nothing.
 *
 * @param input.agentId the agent whose delivery it must be; null for an operator.
 * @throws RegistryError not_found, endpoint_missing, invalid_state (the endpoint is disabled), rate_limited.
 */
export async function redeliverWebhook(
  op: Op,
  input: { agentId: string | null; deliveryId: string },
): Promise<{ deliveryId: string }> {
  const delivery = await lockDelivery(op.trx, input.deliveryId);
  if (delivery === undefined || (input.agentId !== null && delivery.agent_id !== input.agentId)) {
    throw notFound('delivery');
  }
  const agent = await findAgent(op.trx, delivery.agent_id);
  assertEndpoint(agent, delivery.event_type === 'ping');
  if (input.agentId !== null) await spendReplays(op, input.agentId, 1);
  await reopen(op, [delivery.delivery_id]);
  return { deliveryId: delivery.delivery_id };
}

/** @throws RegistryError endpoint_missing; invalid_state when it is disabled and this is no ping. */
export function assertEndpoint(agent: AgentRow | undefined, isPing: boolean): void {
  if (agent === undefined || agent.endpoint_url === null || agent.status === 'deactivated') {
    throw new RegistryError('endpoint_missing', 'The agent has no endpoint_url to send to.');
  }
  if (agent.endpoint_disabled_at !== null && !isPing) {
    throw new RegistryError(
      'invalid_state',
      'The endpoint is disabled: a test that succeeds, or a new endpoint_url, enables it.',
    );
  }
}

/** Opens a new cycle for deliveries, with a first attempt that is due now. */
export async function reopen(op: Op, deliveryIds: readonly string[]): Promise<void> {
  const entries = deliveryIds.map((deliveryId) => ({ deliveryId, outboxId: op.ids.next() }));
  op.outbox.due.push(...(await reopenDeliveries(op.trx, entries, op.now)));
}
