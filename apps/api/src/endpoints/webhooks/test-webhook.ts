import { sendPing, viewDelivery } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';

export const testWebhook = changing({
  contract: contracts.testWebhook,
  async run(op, { params }) {
    const { deliveryId } = await sendPing(op, { agentId: params.agent_id });
    return viewDelivery(op.trx, deliveryId);
  },
});
