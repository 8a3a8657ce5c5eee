import { type Contract, RegistryError } from '@agent-registry/schemas';
import {
  assertCovers,
  type HttpSignature,
  HttpSignatureError,
  isDigestOf,
  readHttpSignature as read,
  type SignableRequest,
  signatureBase,
} from '@agent-registry/signing';
import type { Request } from 'express';
import type { ApiContext } from '../context.ts';
import { assertRecent, type Credentials, isReading } from './credentials.ts';
import { namesOfAgentSig } from './read-agent-sig.ts';
import { readSigner } from './read-signer.ts';
import { unauthenticated } from './refuse-signature.ts';

/**
 * Reads a signature by RFC 9421. Its target is one of the configured origins and the URL as it was sent: Host and X-Forwarded-* are
 * what somebody between us may set, so they name nothing.
 *
 * @returns null when the request carries none of the registry's tag.
 * @throws RegistryError unauthenticated, naming the gap; stale_timestamp.
 */
export function readHttpSignature(context: ApiContext, contract: Contract, req: Request): Credentials | null {
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
