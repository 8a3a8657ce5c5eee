import type { EventRow, OutboxRow } from '@agent-registry/db';
import { type Clock, type TaskSpec, taskKinds } from '@agent-registry/schemas';
import { type Sealer, taskId } from '@agent-registry/signing';
import { type SealedSecretsOf, secretsInForce, taskSecretContext } from './webhooks/webhook-secrets.ts';

/** What a webhook's task is made of: the event as it happened, the endpoint and the secrets as they are now. */
export type WebhookSource = Pick<EventRow, 'type' | 'job_id' | 'body'> &
  SealedSecretsOf & { readonly endpoint_url: string | null };

/** The name of an outbox row's task: a new generation is a new name. */
function taskIdOf(row: OutboxRow): string {
  return taskId(row.kind, row.subject, row.cycle, row.attempt, row.generation);
}

/** The Cloud Task that an outbox row stands for; null for a webhook that has nowhere to go. */
export function describeTask(
  { clock, sealer }: { readonly clock: Clock; readonly sealer: Sealer },
  row: OutboxRow,
  source: WebhookSource | undefined,
): TaskSpec | null {
  const now = clock.now();
  const { queue, path } = taskKinds[row.kind];
  const body =
    row.kind === 'webhook' ? webhookBody(row, source, sealer, now) : taskKinds[row.kind].bodyOf(row);
  const scheduleAt = row.due_at <= now ? null : row.due_at;
  return body && { taskId: taskIdOf(row), queue, path, body, scheduleAt };
}

function webhookBody(
  { subject, cycle, attempt }: OutboxRow,
  source: WebhookSource | undefined,
  sealer: Sealer,
  now: Date,
) {
  if (source === undefined || source.endpoint_url === null) return null;
  const secrets = JSON.stringify(secretsInForce(source, sealer, now));
  return {
    event: source.type,
    job_id: source.job_id,
    target_url: source.endpoint_url,
    // Byte for byte what is sent.
    payload: source.body,
    webhook_secret: sealer.seal(secrets, taskSecretContext(subject)),
    delivery_id: subject,
    cycle,
    attempt,
  };
}
