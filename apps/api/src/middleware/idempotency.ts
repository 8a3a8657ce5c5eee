import { findKeptAnswer, putKeptAnswer, tryLockIdempotencyKey } from '@agent-registry/db';
import { defer, type Op } from '@agent-registry/operations';
import { type Contract, fieldRefusal, RegistryError } from '@agent-registry/schemas';
import { sha256Hex } from '@agent-registry/signing';
import { parseItem } from 'structured-headers';
import type { AnyRequest } from '../api-request.ts';

/** How long an answer is kept. */
const KEPT_MS = 24 * 3_600_000;
const PROVEN_SCOPE = 'proven:';
const NAMED_SCOPE = 'key:';
const KEY = /^[\x21-\x7e]{1,255}$/;

/** The key a request carries and what it stands for. */
export interface Idempotency {
  readonly scope: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** An answer as it is kept and sent again: the JSON text of the body, null for none. */
export interface SentAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: string | null;
}

/**
 * Reads the key. The scope is whoever asks: the agent, the operator, or for a registration the key that registers.
 *
 * @throws RegistryError malformed_request where the key is required and missing, validation_failed.
 */
export function readIdempotency(contract: Contract, request: AnyRequest): Idempotency | null {
  if (contract.method !== 'POST' || contract.idempotency === 'ignored') return null;
  const header = request.header('idempotency-key');
  if (header === undefined) {
    if (contract.idempotency !== 'required') return null;
    throw new RegistryError('malformed_request', 'This request must carry an Idempotency-Key.');
  }
  const key = unquote(header);
  if (!KEY.test(key)) {
    throw fieldRefusal('Idempotency-Key', 'must be 1 to 255 visible ASCII characters, as text or quoted');
  }
  const scope = scopeOf(request);
  if (scope === null) return null;
  return { scope, key, fingerprint: sha256Hex(`${contract.method} ${request.path} ${request.bodyHash}`) };
}

/**
 * Answers a repeated request with its first answer, inside the operation's transaction, so that the key and
 * its effect are committed together or not at all.
 *
 * @param claimed the request's nonces, claimed: refused before all else.
 * @throws RegistryError request_in_progress, idempotency_key_reused.
 */
export async function onceOnly(
  op: Op,
  contract: Contract,
  { idempotency, claimed }: { idempotency: Idempotency | null; claimed: Promise<void> },
  work: () => Promise<SentAnswer>,
): Promise<SentAnswer> {
  if (idempotency === null) {
    // What the work asks first travels with the claim. A refused claim undoes what the work did meanwhile, and comes before its errors.
    const [claim, answer] = await Promise.allSettled([claimed, work()]);
    if (claim.status === 'rejected') throw claim.reason;
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  }
  const { scope, key, fingerprint } = idempotency;
  const [, isLocked, kept] = await Promise.all([
    claimed,
    tryLockIdempotencyKey(op.trx, scope, key),
    findKeptAnswer(op.trx, scope, key, op.now), // by a statement of its own: what was committed before the lock is seen
  ]);
  if (!isLocked) {
    throw new RegistryError('request_in_progress', 'A request with this Idempotency-Key is still running.', {
      retryAfterSeconds: 1,
    });
  }
  const context = `idempotency:${scope}:${key}`;
  if (kept !== undefined) {
    if (kept.fingerprint !== fingerprint) {
      throw new RegistryError('idempotency_key_reused', 'This Idempotency-Key was used for another request.');
    }
    const text = contract.secret === true ? op.sealer.open(kept.answer, context) : kept.answer;
    const first = JSON.parse(text) as Omit<SentAnswer, 'status'>;
    return {
      status: kept.status,
      json: scope.startsWith(NAMED_SCOPE) ? withoutSecret(first.json) : first.json,
      headers: { ...first.headers, 'Idempotency-Replayed': 'true' },
    };
  }
  const answer = await work();
  const text = JSON.stringify({ headers: answer.headers, json: answer.json });
  const first = {
    scope,
    key,
    fingerprint,
    status: answer.status,
    answer: contract.secret === true ? op.sealer.seal(text, context) : text,
    now: op.now,
    expiresAt: new Date(op.now.getTime() + KEPT_MS),
  };
  defer(op, putKeptAnswer(op.trx, first));
  return answer;
}

/**
 * The answer to an unsigned registration, for whoever repeats it. Anybody can who saw it or guesses its Idempotency-Key, for the
 * rest of it is public; so the webhook secret was told once. Who holds the key rotates it.
 */
function withoutSecret(json: string | null): string | null {
  if (json === null) return null;
  return JSON.stringify({ ...(JSON.parse(json) as object), webhook_secret: null });
}

/** The draft writes the key as a quoted string; many clients send it bare. */
function unquote(header: string): string {
  if (!header.startsWith('"')) return header;
  try {
    const [value] = parseItem(header);
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}

function scopeOf(request: AnyRequest): string | null {
  const { caller } = request;
  const body = request.body as { public_key?: unknown } | undefined;
  // Apart from each other: a signed registration must not be answered with what somebody else was told who only named the key.
  if (typeof body?.public_key === 'string')
    return `${caller?.kind === 'key' ? PROVEN_SCOPE : NAMED_SCOPE}${body.public_key}`;
  if (caller?.kind === 'agent') return `agent:${caller.agentId}`;
  return caller?.kind === 'operator' ? `operator:${caller.name}` : null;
}
