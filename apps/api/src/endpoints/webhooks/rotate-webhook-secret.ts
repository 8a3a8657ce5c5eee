import { rotateWebhookSecret as rotate } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';

export const rotateWebhookSecret = changing({
  contract: contracts.rotateWebhookSecret,
  async run(op, { params, body }) {
    const { webhookSecret } = await rotate(op, { agentId: params.agent_id, force: body.force });
    return { webhook_secret: webhookSecret };
  },
});
