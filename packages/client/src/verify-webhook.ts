import type { Clock, EventData, EventType } from '@agent-registry/schemas';
import {
  type HeaderSource,
  verifyWebhook as verifySignature,
  type WebhookRefusal,
} from '@agent-registry/signing';

/** A webhook's body, its `data` typed by its `event`. */
export type WebhookOf<T extends EventType = EventType> = {
  [E in T]: {
    readonly event: E;
    /** Null for what concerns no job. */
    readonly job_id: string | null;
    readonly timestamp: string;
    readonly data: EventData<E>;
  };
}[T];

export interface ReceivedWebhook {
  /** Node's `request.headers`, or Fetch's. */
  readonly headers: HeaderSource;
  /** The raw body, before anything has parsed it. */
  readonly body: string | Uint8Array;
  /** The secret, or during a rotation both. */
  readonly secret: string | readonly string[];
  /** The receiver's clock; the machine's when absent. */
  readonly clock?: Clock;
  /** How far the two clocks may differ; 300 when absent. */
  readonly toleranceSeconds?: number;
}

export type VerifiedWebhook =
  /** `deliveryId` is the same on every attempt at one event; null under the older header, which does not sign it. */
  | { readonly valid: true; readonly deliveryId: string | null; readonly webhook: WebhookOf }
  | { readonly valid: false; readonly reason: WebhookRefusal | 'not_an_event' };

/**
 * Verifies a webhook by either of its header families (`webhook-signature`, else `X-Webhook-Signature`), in constant time,
 * and parses it. Never throws on what came over the network.
 */
export function verifyWebhook(received: ReceivedWebhook): VerifiedWebhook {
  const { headers, body, secret, clock, toleranceSeconds } = received;
  const nowMs = (clock?.now() ?? new Date()).getTime();
  const verdict = verifySignature({
    headers,
    body,
    secrets: typeof secret === 'string' ? [secret] : secret,
    nowSeconds: Math.floor(nowMs / 1000),
    ...(toleranceSeconds === undefined ? {} : { toleranceSeconds }),
  });
  if (!verdict.valid) return verdict;
  try {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    return { valid: true, deliveryId: verdict.deliveryId, webhook: JSON.parse(text) as WebhookOf };
  } catch {
    return { valid: false, reason: 'not_an_event' };
  }
}
