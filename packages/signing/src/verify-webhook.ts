import { timingSafeEqual } from 'node:crypto';
import { MAX_SECRETS, olderSignature, standardSignature } from './sign-webhook.ts';
import { standardKeyOf } from './webhook-secret.ts';

const DEFAULT_TOLERANCE_SECONDS = 300;
const MAX_SIGNATURES = 8;
const MAX_HEADER_CHARS = 1024;
const TIMESTAMP = /^\d{1,12}$/;
/** Canonical: the last of its characters has no bits to spare. */
const BASE64_DIGEST = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
const HEX_DIGEST = /^[0-9a-fA-F]{64}$/;

/** Headers as a plain record in any case of letters, or anything with a Fetch-like `get`. */
export type HeaderSource =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | { get(name: string): string | null };

export interface WebhookToVerify {
  headers: HeaderSource;
  /** The raw body as received: a body parsed and serialised again does not verify. */
  body: string | Uint8Array;
  /** The secrets that may have signed; during a rotation both. */
  secrets: readonly string[];
  /** The receiver's clock, unix seconds. */
  nowSeconds: number;
  /** How far the sender's clock may be off, either way. Default 300. */
  toleranceSeconds?: number;
}

export type WebhookRefusal =
  | 'missing_headers'
  | 'malformed_headers'
  | 'timestamp_out_of_tolerance'
  | 'no_usable_secret'
  | 'signature_mismatch';

export type WebhookVerdict =
  /** `deliveryId` is null for the older header: that signature does not cover the id. */
  | { valid: true; scheme: 'standard'; deliveryId: string }
  | { valid: true; scheme: 'older'; deliveryId: null }
  | { valid: false; reason: WebhookRefusal };

/**
 * Verifies a delivery by the standard headers when any of them is there, else by the older pair. Every secret is tried
 * against every signature in constant time. Never throws on what came over the network.
 */
export function verifyWebhook(webhook: WebhookToVerify): WebhookVerdict {
  const id = header(webhook.headers, 'webhook-id');
  const list = header(webhook.headers, 'webhook-signature');
  if (id !== null || list !== null) {
    return verifyStandard(webhook, id, header(webhook.headers, 'webhook-timestamp'), list);
  }
  const time = header(webhook.headers, 'x-webhook-timestamp');
  return verifyOlder(webhook, time, header(webhook.headers, 'x-webhook-signature'));
}

function verifyStandard(
  webhook: WebhookToVerify,
  id: string | null,
  time: string | null,
  list: string | null,
): WebhookVerdict {
  if (id === null || time === null || list === null) return refuse('missing_headers');
  const entries = list.split(' ');
  if (
    !isId(id) ||
    !TIMESTAMP.test(time) ||
    list.length > MAX_HEADER_CHARS ||
    entries.length > MAX_SIGNATURES
  ) {
    return refuse('malformed_headers');
  }
  if (!isRecent(webhook, time)) return refuse('timestamp_out_of_tolerance');
  const keys = webhook.secrets
    .slice(0, MAX_SECRETS)
    .map(standardKeyOf)
    .filter((key) => key !== null);
  if (keys.length === 0) return refuse('no_usable_secret');
  const offered = entries
    .filter((entry) => entry.startsWith('v1,') && BASE64_DIGEST.test(entry.slice(3)))
    .map((entry) => Buffer.from(entry.slice(3), 'base64'));
  const expected = keys.map((key) => standardSignature(key, id, time, webhook.body));
  return anyEqual(offered, expected)
    ? { valid: true, scheme: 'standard', deliveryId: id }
    : refuse('signature_mismatch');
}

function verifyOlder(webhook: WebhookToVerify, time: string | null, hex: string | null): WebhookVerdict {
  if (time === null || hex === null) return refuse('missing_headers');
  if (!TIMESTAMP.test(time) || !HEX_DIGEST.test(hex)) return refuse('malformed_headers');
  if (!isRecent(webhook, time)) return refuse('timestamp_out_of_tolerance');
  const secrets = webhook.secrets.slice(0, MAX_SECRETS).filter((secret) => standardKeyOf(secret) !== null);
  if (secrets.length === 0) return refuse('no_usable_secret');
  const expected = secrets.map((secret) => olderSignature(secret, time, webhook.body));
  return anyEqual([Buffer.from(hex, 'hex')], expected)
    ? { valid: true, scheme: 'older', deliveryId: null }
    : refuse('signature_mismatch');
}

/** Compares all pairs, without stopping at the first match. All buffers are 32 bytes long by construction. */
function anyEqual(offered: readonly Buffer[], expected: readonly Buffer[]): boolean {
  let matches = 0;
  for (const one of offered) {
    for (const other of expected) {
      if (one.length === other.length && timingSafeEqual(one, other)) matches += 1;
    }
  }
  return matches > 0;
}

function isId(id: string): boolean {
  return id.length > 0 && id.length <= MAX_HEADER_CHARS;
}

function isRecent(webhook: WebhookToVerify, time: string): boolean {
  const tolerance = webhook.toleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS;
  return Math.abs(webhook.nowSeconds - Number(time)) <= tolerance;
}

function refuse(reason: WebhookRefusal): WebhookVerdict {
  return { valid: false, reason };
}

/** One header's value; null when it is absent. A header sent twice counts as malformed: no format accepts "\n". */
function header(headers: HeaderSource, name: string): string | null {
  if (typeof headers.get === 'function') return headers.get(name);
  const record = headers as { readonly [name: string]: string | readonly string[] | undefined };
  const values = Object.keys(record)
    .filter((key) => key.toLowerCase() === name)
    .flatMap((key) => record[key] ?? []);
  return values.length === 0 ? null : values.join('\n');
}
