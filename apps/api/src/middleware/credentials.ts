import { RegistryError } from '@agent-registry/schemas';
import type { Request } from 'express';
import type { ApiContext } from '../context.ts';

/** Whom a request says it comes from: an agent, or a key that registers and has no agent yet. */
export type Signer =
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

export const isReading = (req: Request): boolean => req.method === 'GET' || req.method === 'HEAD';

/** @throws RegistryError stale_timestamp. */
export function assertRecent(context: ApiContext, signedAt: Date, name: string): void {
  const { signatureMaxAgeMs } = context.config;
  if (Math.abs(context.clock.now().getTime() - signedAt.getTime()) <= signatureMaxAgeMs) return;
  const seconds = signatureMaxAgeMs / 1_000;
  throw new RegistryError('stale_timestamp', `${name} must lie within ${seconds} s of our time.`);
}
