import { createWebhookSecret } from '@agent-registry/signing';
import type { Op } from '../op.ts';
import { secretContext } from '../webhooks/describe-webhooks.ts';
import { loadAgent } from './load-agent.ts';

/** A new webhook secret; the one before signs beside it for the overlap. @throws RegistryError not_found. */
export async function rotateWebhookSecret(
  op: Op,
  input: { agentId: string },
): Promise<{ webhookSecret: string }> {
  const agent = await loadAgent(op, input.agentId);
  const webhookSecret = createWebhookSecret();
  await op.trx
    .updateTable('agents')
    .set({
      webhook_secret: op.sealer.seal(webhookSecret, secretContext(agent.agent_id)),
      previous_webhook_secret: agent.webhook_secret,
      previous_secret_until: new Date(op.now.getTime() + op.rules.secretOverlapMs),
      updated_at: op.now,
    })
    .where('agent_id', '=', agent.agent_id)
    .execute();
  return { webhookSecret };
}
