import { updateAgentRow } from '@agent-registry/db';
import { RegistryError } from '@agent-registry/schemas';
import { createWebhookSecret } from '@agent-registry/signing';
import type { Op } from '../op.ts';
import { secretContext } from '../webhooks/webhook-secrets.ts';
import { loadAgent } from './load-agent.ts';

/**
 * A new webhook secret; the one before signs beside it for the overlap. Two can sign at once: a third within the overlap
 * drops the oldest before its time, and has to say so.
 *
 * @param input.force drops the secret before the present one, if it still signs.
 * @throws RegistryError not_found, invalid_state within the overlap of the rotation before.
 */
export async function rotateWebhookSecret(
  op: Op,
  input: { agentId: string; force?: boolean | undefined },
): Promise<{ webhookSecret: string }> {
  const agent = await loadAgent(op, input.agentId);
  const until = agent.previous_secret_until;
  if (until !== null && until > op.now && input.force !== true) {
    throw new RegistryError(
      'invalid_state',
      `The secret before the present one signs until ${until.toISOString()}: wait, or send force: true, which drops it at once.`,
    );
  }
  const webhookSecret = createWebhookSecret();
  await updateAgentRow(op.trx, agent.agent_id, {
    webhook_secret: op.sealer.seal(webhookSecret, secretContext(agent.agent_id)),
    previous_webhook_secret: agent.webhook_secret,
    previous_secret_until: new Date(op.now.getTime() + op.rules.secretOverlapMs),
    updated_at: op.now,
  });
  return { webhookSecret };
}
