import { sendPing } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';

export const testWebhook = changing({
  contract: contracts.testWebhook,
  run: async (op, { caller }) => sendPing(op, caller.agent),
});
