import { redeliverWebhook as redeliver, viewDelivery } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';

export const redeliverWebhook = changing({
  contract: contracts.redeliverWebhook,
  async run(op, { params }) {
    const { deliveryId } = await redeliver(op, { agentId: params.agent_id, deliveryId: params.delivery_id });
    return viewDelivery(op.trx, deliveryId);
  },
});
