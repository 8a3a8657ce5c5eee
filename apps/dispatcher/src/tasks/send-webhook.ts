import { type AttemptOutcome, secretsOfDelivery, taskSecretContext } from '@agent-registry/operations';
import type { ExchangeResult, OpenCircuit } from '@agent-registry/outbound';
import type { TaskBody } from '@agent-registry/schemas';
import { traceHeaders } from '@agent-registry/service-kit';
import { SealError, signWebhook } from '@agent-registry/signing';
import type { DispatcherContext } from '../context.ts';

/** The attempt was aborted before it had an outcome: another worker makes it. The message is one word for the log. */
export class DeliveryAborted extends Error {
  override readonly name = 'DeliveryAborted';
}

export interface SentWebhook {
  readonly outcome: AttemptOutcome;
  readonly durationMs: number;
}

/** Signs and sends one attempt, once. Throws DeliveryAborted when nothing was sent, or when the service stops before an outcome. */
export async function sendWebhook(
  context: DispatcherContext,
  task: TaskBody<'webhook'>,
): Promise<SentWebhook> {
  const secrets = await openSecrets(context, task);
  if (secrets.length === 0) throw new DeliveryAborted('no_secret');
  const headers = signWebhook({
    secrets,
    deliveryId: task.delivery_id,
    timestamp: Math.floor(context.clock.now().getTime() / 1_000),
    body: task.payload,
    attempt: task.attempt,
  });
  const attributes = { delivery_id: task.delivery_id, attempt: task.attempt };
  const result = await context.telemetry.span('webhook attempt', attributes, () =>
    untilExchangeDeadline(
      context,
      context.outbound.post({
        url: task.target_url,
        headers: { ...headers, ...traceHeaders() },
        body: task.payload,
      }),
    ),
  );
  return { outcome: outcomeOf(result), durationMs: result.durationMs };
}

/** The secrets as they were sealed into the task; if that seal does not open any more, those in force now. */
async function openSecrets(context: DispatcherContext, task: TaskBody<'webhook'>): Promise<string[]> {
  try {
    const list = context.sealer.open(task.webhook_secret, taskSecretContext(task.delivery_id));
    return JSON.parse(list) as string[];
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    context.log.warn({ error, delivery_id: task.delivery_id }, 'signing with the secrets in force');
  }
  try {
    return await secretsOfDelivery(context, task.delivery_id);
  } catch (error) {
    context.log.error({ error, delivery_id: task.delivery_id }, 'the webhook secret cannot be had');
    throw new DeliveryAborted('no_secret');
  }
}

async function untilExchangeDeadline<T>(context: DispatcherContext, work: Promise<T>): Promise<T> {
  const { exchangeDeadline } = context;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new DeliveryAborted('stopping'));
  exchangeDeadline.addEventListener('abort', abort, { once: true });
  if (exchangeDeadline.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    exchangeDeadline.removeEventListener('abort', abort);
  }
}

function outcomeOf(result: ExchangeResult): AttemptOutcome {
  if (!result.ok) return { kind: 'unanswered', phase: result.phase, error: result.message, sent: true };
  return {
    kind: 'answered',
    status: result.status,
    retryAfter: result.headersSubset.retryAfter ?? null,
    response: result.bodyText,
  };
}

const PHASES = ['dns', 'connect', 'tls', 'timeout', 'blocked', 'response'] as const;

/** The outcome of an attempt while the circuit is open: the failure that was seen last, and that nothing was sent. */
export function outcomeFromMemory(open: OpenCircuit): AttemptOutcome {
  const [, word = '', message = ''] = /^([a-z]+): (.*)$/s.exec(open.memory) ?? [];
  const phase = PHASES.find((known) => known === word) ?? 'connect';
  const error = `Not sent: the last attempts at this endpoint brought no answer. ${message}`.trim();
  return { kind: 'unanswered', phase, error, sent: false };
}
