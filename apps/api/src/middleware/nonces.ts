import { type Db, insertNonces, type NoncesToSpend } from '@agent-registry/db';
import { type Clock, RegistryError } from '@agent-registry/schemas';
import { LRUCache } from 'lru-cache';
import type { RedisLink } from '../redis-link.ts';

/** What became of nonces that were to be spent. */
interface Spent {
  /** Those that were spent before; none when the request is new. */
  readonly before: readonly string[];
  /** Whether they are rows of the nonces table now. If not, the transaction of what the request does must add them. */
  readonly inTable: boolean;
}

/** Where nonces are spent. */
export interface NonceStore {
  /** @throws RegistryError unavailable when nothing can decide. */
  spend(spending: NoncesToSpend): Promise<Spent>;
}

interface NonceDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly redis: RedisLink | null;
}

/**
 * Spends every key but the first, which is the marker, in one step, and returns the numbers (from 1) of those that were spent before.
 * Nil when the marker is gone or another server's, and the caller may not write it: then everything else may be gone too.
 */
const SPEND_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[2] then
  if ARGV[3] ~= '1' then return false end
  redis.call('SET', KEYS[1], ARGV[2])
end
local before = {}
for number = 2, #KEYS do
  if not redis.call('SET', KEYS[number], '1', 'PX', ARGV[1], 'NX') then before[#before + 1] = number - 1 end
end
return before
`;

/**
 * Spends nonces: first by this instance's own memory, then in Redis while it can be trusted, otherwise in a table of Postgres.
 *
 * Redis may forget at any moment, and of several instances only one remembers what it spent there. So Redis never has the last
 * word about a change: the transaction that makes the change inserts the request's nonces into the table too
 * (`claimNonces`). A nonce and what it paid for are committed together or not at all, and the table's primary key lets one
 * transaction of all instances have it, whatever Redis forgot, and whichever instance is asked. What is left to Redis alone: requests
 * that changed nothing, which are reads and refusals.
 */
export function createNonceStore({ db, clock, redis }: NonceDeps): NonceStore {
  const memory = createNonceMemory(clock);

  const spendInTable = async (spending: NoncesToSpend): Promise<Spent> => {
    try {
      return { before: await insertNonces(db, spending, clock.now()), inTable: true };
    } catch (cause) {
      throw new RegistryError('unavailable', 'No nonce can be checked now.', { cause, retryAfterSeconds: 2 });
    }
  };
  const spendInRedis = async (link: RedisLink, spending: NoncesToSpend): Promise<Spent | null> => {
    const { ownerId, nonces, expiresAt } = spending;
    const marker = link.marker();
    const keys = [marker.key, ...nonces.map((nonce) => `nonce:${ownerId}:${nonce}`)];
    const ttlMs = Math.max(1, expiresAt.getTime() - clock.now().getTime());
    const mayWrite = marker.mayWrite ? '1' : '0';
    try {
      const answer = await link.client.eval(
        SPEND_SCRIPT,
        keys.length,
        ...keys,
        ttlMs,
        marker.value,
        mayWrite,
      );
      if (!Array.isArray(answer)) {
        link.failed(null);
        return null;
      }
      link.markerSeen();
      link.answered();
      return { before: answer.map((number) => nonces[Number(number) - 1] ?? ''), inTable: false };
    } catch (error) {
      link.failed(error);
      return null;
    }
  };
  return {
    async spend(spending) {
      const remembered = memory.spend(spending);
      if (remembered.length > 0) return { before: remembered, inTable: false };
      const spent = redis?.trusted() ? await spendInRedis(redis, spending) : null;
      if (spent !== null) return spent;
      return spendInTable(spending);
    },
  };
}

/** Nonces remembered at once; beyond it the oldest are evicted. */
const REMEMBERED_MAX = 20_000;

/** The nonces that this process saw, whoever else knows of them. */
interface NonceMemory {
  /** Remembers nonces, and returns those that it knew and that are still alive. */
  spend(spending: NoncesToSpend): string[];
}

function createNonceMemory(clock: Clock): NonceMemory {
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
