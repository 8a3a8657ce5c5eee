import { verifyWebhook as verifySignature } from '@agent-registry/signing';
import type { Events } from './api.generated.ts';

/** A webhook's body: its `event` tells what `data` and `job_id` are. */
export type WebhookOf<Name extends keyof Events = keyof Events> = Events[Name];

/** Headers as a plain record in any case of letters, or anything with a Fetch-like `get`. */
export type HeaderSource =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | { get(name: string): string | null };

/** Why a webhook was not accepted. */
export type WebhookRefusal =
  | 'missing_headers'
  | 'malformed_headers'
  | 'timestamp_out_of_tolerance'
  | 'no_usable_secret'
  | 'signature_mismatch'
  | 'not_an_event';

export interface ReceivedWebhook {
  /** Node's `request.headers`, or Fetch's. */
  readonly headers: HeaderSource;
  /** The raw body, before anything has parsed it. */
  readonly body: string | Uint8Array;
  /** The secret, or during a rotation both. */
  readonly secret: string | readonly string[];
  /** The receiver's clock; the machine's when absent. */
  readonly clock?: { now(): Date } | undefined;
  /** How far the two clocks may differ; 300 when absent. */
  readonly toleranceSeconds?: number | undefined;
}

export type VerifiedWebhook =
  /** `deliveryId` is the same on every attempt at one event; null under the older header, which does not sign it. */
  | { readonly valid: true; readonly deliveryId: string | null; readonly webhook: WebhookOf }
  | { readonly valid: false; readonly reason: WebhookRefusal };

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
