import { redeliverWebhook, viewDelivery } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';

export const replayDelivery = changing({
  contract: contracts.operatorReplay,
  async run(op, { params }) {
    const { deliveryId } = await redeliverWebhook(op, { agentId: null, deliveryId: params.delivery_id });
    return viewDelivery(op.trx, deliveryId);
  },
});
