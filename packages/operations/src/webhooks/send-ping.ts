import { findAgent } from '@agent-registry/db';
import { emit } from '../emit.ts';
import { invariant, type Op } from '../op.ts';
import { assertEndpoint } from './redeliver-webhook.ts';

/**
 * Sends an agent a ping, also where its endpoint is disabled: one that succeeds enables it.
 *
 * @throws RegistryError endpoint_missing.
 */
export async function sendPing(op: Op, input: { agentId: string }): Promise<{ deliveryId: string }> {
  assertEndpoint(await findAgent(op.trx, input.agentId), true);
  const [deliveryId] = emit(op, 'ping', null, {}, [input.agentId]);
  invariant(deliveryId !== undefined, 'an event has a delivery for each agent that hears of it');
  return { deliveryId };
}
