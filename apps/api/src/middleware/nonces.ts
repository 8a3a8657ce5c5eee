import { type Db, insertNonces } from '@agent-registry/db';
import { type Clock, RegistryError } from '@agent-registry/schemas';
import type { Logger } from '@agent-registry/service-kit';
import type { RedisLink } from '../redis-link.ts';

/** Nonces this process remembers having spent in Redis, for the case that Redis forgets them. */
const REMEMBERED_MAX = 20_000;

export interface SpentNonce {
  readonly agentId: string;
  readonly nonce: string;
  readonly expiresAt: Date;
}

/** Where nonces are spent. */
export interface NonceStore {
  /**
   * Spends a nonce. False when it was spent before.
   *
   * @throws RegistryError unavailable when nothing can decide.
   */
  spend(nonce: SpentNonce): Promise<boolean>;
}

interface NonceDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly redis: RedisLink | null;
}

/**
 * Redis decides while it can be trusted, otherwise a table in Postgres. The moment Redis is lost, what was spent there and
 * is still alive is written to the table, so that no replay slips through between the two. (That a nonce stands in the
 * table is seen when the agent's key is loaded, whoever decides.)
 */
export function createNonceStore({ db, clock, log, redis }: NonceDeps): NonceStore {
  const inTable = async (nonce: SpentNonce): Promise<boolean> => {
    try {
      return (await insertNonces(db, [nonce], clock.now())) === 1;
    } catch (cause) {
      throw new RegistryError('unavailable', 'No nonce can be checked now.', { cause, retryAfterSeconds: 2 });
    }
  };
  if (redis === null) return { spend: inTable };

  const remembered = new Map<string, SpentNonce>();
  let handedOver: Promise<unknown> = Promise.resolve();
  redis.onDistrust(() => {
    const now = clock.now();
    const alive = [...remembered.values()].filter((nonce) => nonce.expiresAt > now);
    remembered.clear();
    if (alive.length === 0) return;
    handedOver = insertNonces(db, alive, now);
    handedOver.catch((error: unknown) => log.error({ error }, 'spent nonces could not be kept'));
  });
  const remember = (key: string, nonce: SpentNonce): void => {
    if (remembered.size >= REMEMBERED_MAX) {
      const oldest = remembered.keys().next().value;
      if (oldest !== undefined) remembered.delete(oldest);
    }
    remembered.set(key, nonce);
  };
  return {
    async spend(nonce) {
      if (redis.trusted()) {
        const key = `nonce:${nonce.agentId}:${nonce.nonce}`;
        const ttlMs = Math.max(1, nonce.expiresAt.getTime() - clock.now().getTime());
        try {
          const isNew = (await redis.client.set(key, '1', 'PX', ttlMs, 'NX')) === 'OK';
          if (isNew) remember(key, nonce);
          return isNew;
        } catch (error) {
          log.warn({ error }, 'Redis did not answer for a nonce: Postgres decides');
        }
      }
      await handedOver.catch((cause: unknown) => {
        throw new RegistryError('unavailable', 'No nonce can be checked now.', {
          cause,
          retryAfterSeconds: 2,
        });
      });
      return inTable(nonce);
    },
  };
}
