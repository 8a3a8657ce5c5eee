import { createHash } from 'node:crypto';
import { type Contract, parseTimestamp, RegistryError, UUID } from '@agent-registry/schemas';
import {
  assertCovers,
  type HttpSignature,
  HttpSignatureError,
  isDigestOf,
  readHttpSignature as read,
  requestMessage,
  type SignableRequest,
  signatureBase,
} from '@agent-registry/signing';
import type { Request } from 'express';
import type { ApiContext } from '../context.ts';

/** Whom a request says it comes from: an agent, or a key that registers and has no agent yet. */
type Signer =
  | { readonly kind: 'agent'; readonly agentId: string }
  | { readonly kind: 'key'; readonly publicKey: string };

/** What a signed request says of itself; well-formed and recent, and not yet believed. */
export interface Credentials {
  readonly signer: Signer;
  /** 128 hex digits. */
  readonly signature: string;
  readonly signedAt: Date;
  /** What may be used once: the nonce, and the signature itself where the nonce is not covered by it. */
  readonly nonces: readonly string[];
  /** The texts of which the signature must cover one. The first is the one to tell a caller whose signature covers none. */
  readonly messages: (body: Uint8Array) => readonly [Uint8Array, ...Uint8Array[]];
}

const isReading = (req: Request): boolean => req.method === 'GET' || req.method === 'HEAD';

/** @throws RegistryError stale_timestamp. */
function assertRecent(context: ApiContext, signedAt: Date, name: string): void {
  const { signatureMaxAgeMs } = context.config;
  if (Math.abs(context.clock.now().getTime() - signedAt.getTime()) <= signatureMaxAgeMs) return;
  const seconds = signatureMaxAgeMs / 1_000;
  throw new RegistryError('stale_timestamp', `${name} must lie within ${seconds} s of our time.`);
}

/**
 * The cheap checks, before the body is read or anything is looked up. Where a request is signed by both schemes, RFC 9421's decides
 * alone: what fails by it is not tried by the other.
 *
 * @returns null when the request is not signed.
 * @throws RegistryError unauthenticated, stale_timestamp.
 */
export function readCredentials(context: ApiContext, contract: Contract, req: Request): Credentials | null {
  return readHttpSignature(context, contract, req) ?? readAgentSig(context, contract, req);
}

const PUBLIC_KEY = /^[0-9a-f]{64}$/;

/** Whom a signature names: an agent by its id, or where a key registers that key itself. Null for anything else. */
function readSigner(contract: Contract, name: string): Signer | null {
  if (UUID.test(name)) return { kind: 'agent', agentId: name };
  return contract.signedByNewKey === true && PUBLIC_KEY.test(name) ? { kind: 'key', publicKey: name } : null;
}

const AUTHORIZATION = /^AgentSig +([0-9a-f-]{36,64}):([0-9a-f]{128})$/i;
const NONCE = /^[A-Za-z0-9_-]{16,128}$/;

/** Reads `Authorization: AgentSig …` with its timestamp and nonce. @throws RegistryError unauthenticated, stale_timestamp. */
function readAgentSig(context: ApiContext, contract: Contract, req: Request): Credentials | null {
  const authorization = req.headers.authorization;
  if (authorization === undefined) return null;
  const match = AUTHORIZATION.exec(authorization);
  const signer = match === null ? null : readSigner(contract, match[1]!.toLowerCase());
  if (match === null || signer === null)
    throw unauthenticated('Authorization must be AgentSig <agent_id>:<signature in hex>.');
  const timestamp = single(req, 'x-timestamp');
  const signedAt = timestamp === undefined ? null : parseTimestamp(timestamp);
  if (timestamp === undefined || signedAt === null) {
    throw unauthenticated('X-Timestamp must be an ISO 8601 time with a zone.');
  }
  const nonce = single(req, 'x-nonce');
  if (nonce === undefined ? !isReading(req) : !NONCE.test(nonce)) {
    throw unauthenticated('X-Nonce must be 16 to 128 of A–Z, a–z, 0–9, _ and -.');
  }
  assertRecent(context, signedAt, 'X-Timestamp');
  const signature = match[2]!.toLowerCase();
  return {
    signer,
    signature,
    signedAt,
    nonces: [...(nonce === undefined ? [] : [nonce]), ...namesOfAgentSig(contract, req)],
    messages: (body) => {
      const message = (path: string) => requestMessage({ timestamp, method: req.method, path, body });
      const path = req.originalUrl.split('?', 1)[0] ?? '';
      return path.startsWith('/v1/') ? [message(path), message(path.slice('/v1'.length))] : [message(path)];
    },
  };
}

/**
 * Under which name the AgentSig of a request is spent, if it carries one that is. X-Nonce is not signed, so whoever saw a request could
 * send it again under a fresh one; and where RFC 9421's signature decided, without that. A key signs a text in one way only
 * (deterministic Ed25519, canonical encodings), so the signature itself is spent too.
 */
function namesOfAgentSig(contract: Contract, req: Request): string[] {
  const signature = AUTHORIZATION.exec(req.headers.authorization ?? '')?.[2];
  if (signature === undefined || !spendsSignature(contract, req)) return [];
  return [signatureName(signature)];
}

/** Not for what changes nothing, or nothing more the second time, as `/verify` does. */
function spendsSignature(contract: Contract, req: Request): boolean {
  return !isReading(req) && contract.idempotency !== 'ignored';
}

function signatureName(signature: string): string {
  const digest = createHash('sha256').update(Buffer.from(signature, 'hex')).digest('base64url');
  return `${SIGNATURE_NAME}${digest}`;
}

function single(req: Request, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Reads a signature by RFC 9421. Its target is one of the configured origins and the URL as it was sent: Host and X-Forwarded-* are
 * what somebody between us may set, so they name nothing.
 *
 * @returns null when the request carries none of the registry's tag.
 * @throws RegistryError unauthenticated, naming the gap; stale_timestamp.
 */
function readHttpSignature(context: ApiContext, contract: Contract, req: Request): Credentials | null {
  const signature = refusing(() =>
    read({ signatureInput: field(req, 'signature-input'), signature: field(req, 'signature') }),
  );
  if (signature === null) return null;
  const { keyId, created, expires, nonce } = signature;
  const signer = readSigner(contract, keyId);
  if (signer === null) {
    throw unauthenticated(
      'keyid must be the agent’s id in lower case; at a registration, the public key in hex.',
    );
  }
  if (nonce === null && !isReading(req)) throw unauthenticated('The parameter nonce is missing.');
  const signedAt = new Date(created * 1_000);
  assertRecent(context, signedAt, 'created');
  if (expires !== null && expires * 1_000 < context.clock.now().getTime()) {
    throw new RegistryError('stale_timestamp', 'The signature expired.');
  }
  return {
    signer,
    signature: signature.signature,
    signedAt,
    nonces: [...(nonce === null ? [] : [nonce]), ...namesOfAgentSig(contract, req)],
    messages: (body) => refusing(() => messagesOf(context, req, signature, body)),
  };
}

/** The signature's base for each origin, once the body is the one whose digest is covered. */
function messagesOf(context: ApiContext, req: Request, signature: HttpSignature, body: Uint8Array) {
  assertCovers(signature, {
    hasBody: body.length > 0,
    hasIdempotencyKey: field(req, 'idempotency-key') !== undefined,
  });
  assertDigest(req, signature, body);
  const baseFor = (origin: string): Buffer => {
    const request: SignableRequest = {
      method: req.method,
      origin,
      target: req.originalUrl,
      field: (name) => field(req, name),
    };
    return signatureBase(signature, request);
  };
  const [first, ...others] = context.config.signatureOrigins;
  return [baseFor(first), ...others.map(baseFor)] as const;
}

function assertDigest(req: Request, { components }: HttpSignature, body: Uint8Array): void {
  if (!components.includes('content-digest')) return;
  const digest = field(req, 'content-digest');
  if (digest === undefined)
    throw unauthenticated('The signature covers content-digest, which the request lacks.');
  if (isDigestOf(digest, body)) return;
  throw new RegistryError(
    'invalid_signature',
    'Content-Digest is not the sha-256 of the body as it arrived.',
  );
}

/** A field as RFC 9421 covers it: all its lines, joined. */
function field(req: Request, name: string): string | undefined {
  return req.headersDistinct[name]?.map((line) => line.trim()).join(', ');
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof HttpSignatureError) throw unauthenticated(error.message);
    throw error;
  }
}

/** How a signature's hash is told from a nonce, which has no colon. */
export const SIGNATURE_NAME = 'sig:';

function unauthenticated(detail: string): RegistryError {
  return new RegistryError('unauthenticated', detail);
}

/** The same words for an agent there is not. @param expected the text that should have been signed; it holds no secret. */
export function invalidSignature(expected: Uint8Array): RegistryError {
  const detail =
    'The signature is not this agent’s for this request: expected_message is what it must cover.';
  return new RegistryError('invalid_signature', detail, {
    members: { expected_message: Buffer.from(expected).toString('utf8') },
  });
}

/** @param name what was spent before: a nonce, or the name of a signature. */
export function nonceReplayed(name: string): RegistryError {
  return name.startsWith(SIGNATURE_NAME)
    ? new RegistryError(
        'nonce_replayed',
        'This signature was used before: sign again with a newer X-Timestamp.',
        { retryAfterSeconds: 1 },
      )
    : new RegistryError('nonce_replayed', 'The nonce was used before: make a new one for each request.');
}
