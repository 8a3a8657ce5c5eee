import type { NoncesToSpend } from '@agent-registry/db';
import type { Clock } from '@agent-registry/schemas';
import { LRUCache } from 'lru-cache';

/** Nonces remembered at once; beyond it the oldest are evicted. */
const REMEMBERED_MAX = 20_000;

/** The nonces that this process saw, whoever else knows of them. */
export interface NonceMemory {
  /** Remembers nonces, and returns those that it knew and that are still alive. */
  spend(spending: NoncesToSpend): string[];
}

export function createNonceMemory(clock: Clock): NonceMemory {
  const expiry = new LRUCache<string, number>({ max: REMEMBERED_MAX });
  return {
    spend({ ownerId, nonces, expiresAt }) {
      const nowMs = clock.now().getTime();
      return nonces.filter((nonce) => {
        const key = `${ownerId}:${nonce}`;
        if ((expiry.peek(key) ?? 0) > nowMs) return true;
        expiry.set(key, expiresAt.getTime());
        return false;
      });
    },
  };
}
