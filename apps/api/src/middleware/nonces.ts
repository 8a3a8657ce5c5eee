import { type Db, insertNonces, type NoncesToSpend } from '@agent-registry/db';
import { type Clock, RegistryError } from '@agent-registry/schemas';
import type { Result } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { RedisLink } from '../redis-link.ts';
import type { BucketState, RedisBucket } from './rate-limiter.ts';
import { TAKE_TOKEN_LUA } from './token-bucket-script.ts';

/** What became of nonces that were to be spent. */
interface Spent {
  /** Those that were spent before; none when the request is new. */
  readonly before: readonly string[];
  /** Whether they are rows of the nonces table now. If not, the transaction of what the request does must add them. */
  readonly inTable: boolean;
  /** Where the bucket stands after a token was taken in the same step; null when that was not to be, or not possible. */
  readonly bucket: BucketState | null;
}

/** Where nonces are spent. */
export interface NonceStore {
  /**
   * Spends nonces, and where all of them were new and Redis decides it, takes a token from the bucket too: one round trip.
   *
   * @throws RegistryError unavailable when nothing can decide.
   */
  spend(spending: NoncesToSpend, bucket?: RedisBucket | null): Promise<Spent>;
}

interface NonceDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly redis: RedisLink | null;
}

/**
 * KEYS: the marker, the nonces, and the bucket where ARGV[4] is given. Spends the nonces in one step; returns the numbers (from 1) of
 * those that were spent before, and where there are none what taking a token came to: a replay must not empty its victim's bucket.
 * Nil when the marker is gone or another server's, and the caller may not write it: then everything else may be gone too.
 */
const SPEND_SCRIPT = `${TAKE_TOKEN_LUA}
if redis.call('GET', KEYS[1]) ~= ARGV[2] then
  if ARGV[3] ~= '1' then return false end
  redis.call('SET', KEYS[1], ARGV[2])
end
local nonces = ARGV[4] and #KEYS - 1 or #KEYS
local before = {}
for number = 2, nonces do
  if not redis.call('SET', KEYS[number], '1', 'PX', ARGV[1], 'NX') then before[#before + 1] = number - 1 end
end
if #before > 0 or not ARGV[4] then return {before} end
return {before, take(KEYS[#KEYS], 1, tonumber(ARGV[4]), tonumber(ARGV[5]))}
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    spendNonces(keys: number, ...keysAndArguments: (string | number)[]): Result<unknown, Context>;
  }
}

type SpendAnswer = readonly [before: readonly number[], token?: readonly [gone: number, waitMs: number]];

/**
 * Spends nonces: first by this instance's own memory, then in Redis while it can be trusted, otherwise in a table of Postgres.
 *
 * Redis may forget at any moment, and of several instances only one remembers what it spent there. So Redis alone never decides
 * about a change: the transaction that makes the change inserts the request's nonces into the table too
 * (`claimNonces`). A nonce and what it paid for are committed together or not at all, and the table's primary key lets one
 * transaction of all instances have it, whatever Redis forgot, and whichever instance is asked. What is left to Redis alone: requests
 * that changed nothing, which are reads and refusals.
 */
export function createNonceStore({ db, clock, redis }: NonceDeps): NonceStore {
  const memory = createNonceMemory(clock);
  redis?.client.defineCommand('spendNonces', { lua: SPEND_SCRIPT });

  const spendInTable = async (spending: NoncesToSpend): Promise<Spent> => {
    try {
      return { before: await insertNonces(db, spending, clock.now()), inTable: true, bucket: null };
    } catch (cause) {
      throw new RegistryError('unavailable', 'No nonce can be checked now.', { cause, retryAfterSeconds: 2 });
    }
  };
  const spendInRedis = async (
    link: RedisLink,
    { ownerId, nonces, expiresAt }: NoncesToSpend,
    bucket: RedisBucket | null,
  ): Promise<Spent | null> => {
    const { key: markerKey, value, mayWrite } = link.marker();
    const nonceKeys = nonces.map((nonce) => `nonce:${ownerId}:${nonce}`);
    const keys = [markerKey, ...nonceKeys, ...(bucket === null ? [] : [bucket.key])];
    const ttlMs = Math.max(1, expiresAt.getTime() - clock.now().getTime());
    const limits = bucket === null ? [] : [bucket.capacity, bucket.fillMicros];
    try {
      const args = [ttlMs, value, mayWrite ? '1' : '0', ...limits];
      const answer = await link.client.spendNonces(keys.length, ...keys, ...args);
      if (!Array.isArray(answer)) {
        link.failed(null);
        return null;
      }
      link.markerSeen();
      link.answered();
      const [numbers, token] = answer as unknown as SpendAnswer;
      const before = numbers.map((number) => nonces[Number(number) - 1] ?? '');
      const state = token === undefined ? null : bucket?.stateOf({ gone: token[0], waitMs: token[1] });
      return { before, inTable: false, bucket: state ?? null };
    } catch (error) {
      link.failed(error);
      return null;
    }
  };
  return {
    async spend(spending, bucket = null) {
      const remembered = memory.spend(spending);
      if (remembered.length > 0) return { before: remembered, inTable: false, bucket: null };
      const spent = redis?.trusted() ? await spendInRedis(redis, spending, bucket) : null;
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
