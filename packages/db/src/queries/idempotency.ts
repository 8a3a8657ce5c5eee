import { sql } from 'kysely';
import { compileOnce } from '../compile-once.ts';
import type { Tx } from '../create-db.ts';

/** The answer kept under an idempotency key. */
export interface KeptAnswer {
  readonly fingerprint: string;
  readonly status: number;
  readonly answer: string;
}

/** Locks a key until the transaction ends. False when another transaction has locked it. */
export async function tryLockIdempotencyKey(trx: Tx, scope: string, key: string): Promise<boolean> {
  const [row] = await tryLock(trx, `${scope} ${key}`);
  return row?.locked === true;
}

const tryLock = compileOnce(
  (_db, name: string) =>
    sql<{ locked: boolean }>`SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 7140)) AS locked`,
);

export async function findKeptAnswer(
  trx: Tx,
  scope: string,
  key: string,
  now: Date,
): Promise<KeptAnswer | undefined> {
  const [answer] = await selectAnswer(trx, scope, key, now);
  return answer;
}

const selectAnswer = compileOnce((db, scope: string, key: string, now: Date) =>
  db
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'status', 'answer'])
    .where('scope', '=', scope)
    .where('key', '=', key)
    .where('expires_at', '>', now),
);

/** Keeps an answer. This transaction has locked the key, so what is kept under it has expired. */
export async function putKeptAnswer(
  trx: Tx,
  entry: KeptAnswer & { scope: string; key: string; now: Date; expiresAt: Date },
): Promise<void> {
  const { now, expiresAt, ...kept } = entry;
  await trx
    .insertInto('idempotency_keys')
    .values({ ...kept, created_at: now, expires_at: expiresAt })
    .onConflict((conflict) =>
      conflict.columns(['scope', 'key']).doUpdateSet((eb) => ({
        fingerprint: eb.ref('excluded.fingerprint'),
        status: eb.ref('excluded.status'),
        answer: eb.ref('excluded.answer'),
        created_at: eb.ref('excluded.created_at'),
        expires_at: eb.ref('excluded.expires_at'),
      })),
    )
    .execute();
}
