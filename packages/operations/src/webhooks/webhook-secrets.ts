import type { AgentRow } from '@agent-registry/db';
import type { Sealer } from '@agent-registry/signing';

/** The context a secret is sealed under in the agent's row. */
export function secretContext(agentId: string): string {
  return `webhook-secret:${agentId}`;
}

/** The context the list of secrets is sealed under in a task. */
export function taskSecretContext(deliveryId: string): string {
  return `webhook-task:${deliveryId}`;
}

export type SealedSecretsOf = Pick<
  AgentRow,
  'agent_id' | 'webhook_secret' | 'previous_webhook_secret' | 'previous_secret_until'
>;

/** The secrets that sign an agent's webhooks at this time, the newest first. */
export function secretsInForce(agent: SealedSecretsOf, sealer: Sealer, now: Date): string[] {
  const context = secretContext(agent.agent_id);
  const { previous_webhook_secret: previous, previous_secret_until: until } = agent;
  const signsStill = previous !== null && until !== null && until > now;
  return [agent.webhook_secret, ...(signsStill ? [previous] : [])].map((sealed) =>
    sealer.open(sealed, context),
  );
}
