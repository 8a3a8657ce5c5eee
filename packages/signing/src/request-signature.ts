import { createHash, randomBytes } from 'node:crypto';
import { type PrivateKey, type PublicKey, signMessage, verifyMessage } from './ed25519.ts';

const NONCE_BYTES = 16;

export interface RequestParts {
  /** X-Timestamp exactly as it is sent. */
  timestamp: string;
  /** The HTTP method, upper case. */
  method: string;
  /** The path as it is sent; from a `?` on it is not part of the message. */
  path: string;
  /** The body's raw bytes; empty when there is none. */
  body: Uint8Array;
}

export interface RequestToSign extends RequestParts {
  agentId: string;
  /** The seed of the agent's key in hex, or what `parsePrivateKey` made of it. */
  privateKey: string | PrivateKey;
  /** 16–128 characters of [A-Za-z0-9_-]; a random one when absent. */
  nonce?: string;
}

/** The signed bytes: timestamp, method, path without query and the body's SHA-256 in hex, joined by newlines. */
export function requestMessage(parts: RequestParts): Buffer {
  const path = parts.path.split('?', 1)[0] ?? '';
  const bodyHash = createHash('sha256').update(parts.body).digest('hex');
  return Buffer.from(`${parts.timestamp}\n${parts.method}\n${path}\n${bodyHash}`, 'utf8');
}

/** The three headers that make a request a signed one. Throws on a malformed private key. */
export function signRequest(request: RequestToSign): Record<string, string> {
  const signature = signMessage(request.privateKey, requestMessage(request));
  return {
    Authorization: `AgentSig ${request.agentId}:${signature}`,
    'X-Timestamp': request.timestamp,
    'X-Nonce': request.nonce ?? randomBytes(NONCE_BYTES).toString('base64url'),
  };
}

/**
 * True when `signature` (128 hex digits) is the key's strict Ed25519 signature of `message`. Never throws.
 *
 * @param check.publicKey 64 lower-case hex digits, or the key that `parsePublicKey` made of them; null verifies nothing.
 */
export function verifyRequest(check: {
  publicKey: string | PublicKey | null;
  signature: string;
  message: Uint8Array;
}): boolean {
  return verifyMessage(check.publicKey, check.signature, check.message);
}

/** What the new key signs to prove that its owner asked for the rotation. The key stands in it as it was sent. */
export function rotationMessage(agentId: string, newPublicKey: string): Buffer {
  return Buffer.from(`rotate:${agentId}:${newPublicKey}`, 'utf8');
}
