import { type Db, insertNonces, type NoncesToSpend } from '@agent-registry/db';
import { type Clock, RegistryError } from '@agent-registry/schemas';
import type { Logger } from '@agent-registry/service-kit';
import type { RedisLink } from '../redis-link.ts';
import { createNonceMemory } from './nonce-memory.ts';

/** What became of nonces that were to be spent. */
export interface Spent {
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
  readonly log: Logger;
  readonly redis: RedisLink | null;
}

/** Spends every key in one step and returns the numbers (from 1) of those that were spent before. */
const SPEND_SCRIPT = `
local before = {}
for number, key in ipairs(KEYS) do
  if not redis.call('SET', key, '1', 'PX', ARGV[1], 'NX') then before[#before + 1] = number end
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
export function createNonceStore({ db, clock, log, redis }: NonceDeps): NonceStore {
  const memory = createNonceMemory(clock);

  const spendInTable = async (spending: NoncesToSpend): Promise<Spent> => {
    try {
      return { before: await insertNonces(db, spending, clock.now()), inTable: true };
    } catch (cause) {
      throw new RegistryError('unavailable', 'No nonce can be checked now.', { cause, retryAfterSeconds: 2 });
    }
  };
  const spendInRedis = async (link: RedisLink, spending: NoncesToSpend): Promise<Spent> => {
    const { ownerId, nonces, expiresAt } = spending;
    const keys = nonces.map((nonce) => `nonce:${ownerId}:${nonce}`);
    const ttlMs = Math.max(1, expiresAt.getTime() - clock.now().getTime());
    const numbers = (await link.client.eval(SPEND_SCRIPT, keys.length, ...keys, ttlMs)) as number[];
    return { before: numbers.map((number) => nonces[number - 1] ?? ''), inTable: false };
  };
  return {
    async spend(spending) {
      const remembered = memory.spend(spending);
      if (remembered.length > 0) return { before: remembered, inTable: false };
      if (redis?.trusted()) {
        try {
          return await spendInRedis(redis, spending);
        } catch (error) {
          log.warn({ error }, 'Redis did not answer for a nonce: Postgres decides');
        }
      }
      return spendInTable(spending);
    },
  };
}
