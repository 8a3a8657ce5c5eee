import type { NoncesToSpend } from '@agent-registry/db';
import type { Clock } from '@agent-registry/schemas';

/** Nonces remembered at once; the oldest are dropped first. */
const REMEMBERED_MAX = 20_000;

/** The nonces that this process saw, whoever else knows of them. */
export interface NonceMemory {
  /** Remembers nonces, and returns those that it knew and that are still alive. */
  spend(spending: NoncesToSpend): string[];
}

export function createNonceMemory(clock: Clock): NonceMemory {
  const expiry = new Map<string, number>();
  return {
    spend({ ownerId, nonces, expiresAt }) {
      const nowMs = clock.now().getTime();
      return nonces.filter((nonce) => {
        const key = `${ownerId}:${nonce}`;
        const isKnown = (expiry.get(key) ?? 0) > nowMs;
        if (isKnown) return true;
        const oldest = expiry.keys().next().value;
        if (expiry.size >= REMEMBERED_MAX && oldest !== undefined) expiry.delete(oldest);
        expiry.delete(key);
        expiry.set(key, expiresAt.getTime());
        return false;
      });
    },
  };
}
