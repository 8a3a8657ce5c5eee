import { type PublicKey, parsePublicKey } from '@agent-registry/signing';
import { LRUCache } from 'lru-cache';

/** Keys kept parsed; beyond it they are LRU-evicted. Each takes about a kilobyte. */
const KEYS_MAX = 5_000;

/** The parsed form of a public key (hex); null for what is none. Which key an agent has is asked of the database each time. */
export type ParsedKeys = (publicKey: string) => PublicKey | null;

/** Keys by their bytes, which never mean another key: nothing here goes stale when an agent rotates its own. */
export function createParsedKeys(): ParsedKeys {
  const keys = new LRUCache<string, PublicKey>({ max: KEYS_MAX });
  return (publicKey) => {
    const known = keys.get(publicKey);
    if (known !== undefined) return known;
    const parsed = parsePublicKey(publicKey);
    if (parsed !== null) keys.set(publicKey, parsed);
    return parsed;
  };
}
