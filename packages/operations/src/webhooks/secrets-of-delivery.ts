import { type Db, findAgent, findDelivery } from '@agent-registry/db';
import type { Clock } from '@agent-registry/schemas';
import type { Sealer } from '@agent-registry/signing';
import { secretsInForce } from './webhook-secrets.ts';

/**
 * The secrets that sign a delivery now, from its agent's row: for a task whose own seal no longer opens, because it waited
 * longer than the key that sealed it was accepted. Empty when the delivery is gone.
 */
export async function secretsOfDelivery(
  deps: { db: Db; clock: Clock; sealer: Sealer },
  deliveryId: string,
): Promise<string[]> {
  const delivery = await findDelivery(deps.db, deliveryId);
  const agent = delivery === undefined ? undefined : await findAgent(deps.db, delivery.agent_id);
  return agent === undefined ? [] : secretsInForce(agent, deps.sealer, deps.clock.now());
}
