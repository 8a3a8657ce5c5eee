import { setTimeout as delay } from 'node:timers/promises';
import type { FeedEvent } from '@agent-registry/client';
import { signWebhook } from '@agent-registry/signing';

const ATTEMPTS = 4;
const FIRST_DELAY_MS = 500;
const TIMEOUT_MS = 10_000;

/** How a forwarded event was answered. */
export interface Forwarded {
  readonly event: string;
  readonly job_id: string | null;
  readonly webhook_id: string;
  readonly cursor: string;
  readonly attempts: number;
  /** Of the last attempt; null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
  readonly delivered: boolean;
}

interface Target {
  readonly url: string;
  readonly secret: string;
  readonly signal: AbortSignal;
}

/** Sends an event as the registry sends a webhook, signed anew at each attempt, until it is answered 2xx or was tried four times. */
export async function forwardEvent(event: FeedEvent, target: Target): Promise<Forwarded> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await post(event, target, attempt);
    const delivered = answer.status !== null && answer.status >= 200 && answer.status < 300;
    if (delivered || attempt === ATTEMPTS) {
      const { event: name, job_id, webhook_id, cursor } = event;
      return { event: name, job_id, webhook_id, cursor, attempts: attempt, ...answer, delivered };
    }
    await delay(FIRST_DELAY_MS * 2 ** (attempt - 1), undefined, { signal: target.signal });
  }
}

async function post(
  { event, job_id, timestamp, data, webhook_id }: FeedEvent,
  { url, secret, signal }: Target,
  attempt: number,
): Promise<Pick<Forwarded, 'status' | 'error'>> {
  const body = JSON.stringify({ event, job_id, timestamp, data });
  const signature = signWebhook({
    secrets: [secret],
    deliveryId: webhook_id,
    timestamp: Math.floor(Date.now() / 1000),
    body,
    attempt,
  });
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'AgentRegistry-Webhooks/1.0',
        ...signature,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await answer.body?.cancel();
    return { status: answer.status, error: null };
  } catch (error) {
    signal.throwIfAborted();
    const { message, cause } = error as { message: string; cause?: { code?: string } };
    return { status: null, error: cause?.code ?? message };
  }
}
