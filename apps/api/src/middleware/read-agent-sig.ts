import { createHash } from 'node:crypto';
import { type Contract, parseTimestamp } from '@agent-registry/schemas';
import { requestMessage } from '@agent-registry/signing';
import type { Request } from 'express';
import type { ApiContext } from '../context.ts';
import { assertRecent, type Credentials, isReading } from './credentials.ts';
import { readSigner } from './read-signer.ts';
import { SIGNATURE_NAME, unauthenticated } from './refuse-signature.ts';

const AUTHORIZATION = /^AgentSig +([0-9a-f-]{36,64}):([0-9a-f]{128})$/i;
const NONCE = /^[A-Za-z0-9_-]{16,128}$/;

/** Reads `Authorization: AgentSig …` with its timestamp and nonce. @throws RegistryError unauthenticated, stale_timestamp. */
export function readAgentSig(context: ApiContext, contract: Contract, req: Request): Credentials | null {
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
export function namesOfAgentSig(contract: Contract, req: Request): string[] {
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
