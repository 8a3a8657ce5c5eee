import { type AgentRow, type Db, listWebhookSources, type OutboxRow } from '@agent-registry/db';
import type { Clock } from '@agent-registry/schemas';
import type { Sealer } from '@agent-registry/signing';

/** The body of a webhook task: a snapshot taken when the task is created. */
export interface WebhookTaskBody {
  readonly event: string;
  readonly job_id: string | null;
  readonly target_url: string;
  /** The body to send, byte for byte. */
  readonly payload: string;
  /** The sealed list of the secrets that sign now, context `webhook-task:<delivery_id>`. */
  readonly webhook_secret: string;
  readonly delivery_id: string;
  readonly cycle: number;
  readonly attempt: number;
}

/** The context a secret is sealed under in the agent's row. */
export function secretContext(agentId: string): string {
  return `webhook-secret:${agentId}`;
}

/** The context the list of secrets is sealed under in a task. */
export function taskSecretContext(deliveryId: string): string {
  return `webhook-task:${deliveryId}`;
}

/** The secrets that sign an agent's webhooks at this time, the newest first. */
export function secretsInForce(agent: SecretColumns, sealer: Sealer, now: Date): string[] {
  const context = secretContext(agent.agent_id);
  const secrets = [sealer.open(agent.webhook_secret, context)];
  if (
    agent.previous_webhook_secret !== null &&
    agent.previous_secret_until !== null &&
    agent.previous_secret_until > now
  ) {
    secrets.push(sealer.open(agent.previous_webhook_secret, context));
  }
  return secrets;
}

type SecretColumns = Pick<
  AgentRow,
  'agent_id' | 'webhook_secret' | 'previous_webhook_secret' | 'previous_secret_until'
>;

/** Builds the task bodies of webhook outbox rows, by outbox id; rows whose agent has no endpoint any more have none. */
export async function describeWebhooks(
  deps: { db: Db; clock: Clock; sealer: Sealer },
  rows: readonly OutboxRow[],
): Promise<Map<string, WebhookTaskBody>> {
  if (rows.length === 0) return new Map();
  const deliveries = await listWebhookSources(
    deps.db,
    rows.map((row) => row.subject),
  );
  const byId = new Map(deliveries.map((delivery) => [delivery.delivery_id, delivery]));
  const now = deps.clock.now();
  return new Map(
    rows.flatMap((row): [string, WebhookTaskBody][] => {
      const delivery = byId.get(row.subject);
      if (delivery === undefined || delivery.endpoint_url === null) return [];
      const secrets = JSON.stringify(secretsInForce(delivery, deps.sealer, now));
      return [
        [
          row.outbox_id,
          {
            event: delivery.type,
            job_id: delivery.job_id,
            target_url: delivery.endpoint_url,
            payload: delivery.body,
            webhook_secret: deps.sealer.seal(secrets, taskSecretContext(delivery.delivery_id)),
            delivery_id: delivery.delivery_id,
            cycle: row.cycle,
            attempt: row.attempt,
          },
        ],
      ];
    }),
  );
}
