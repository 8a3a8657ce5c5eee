import { sql } from 'kysely';
import { compileOnce } from '../compile-once.ts';
import type { Db } from '../create-db.ts';

/** Names of one owner that may be used once: a request's nonce, and the hash of its signature. */
export interface NoncesToSpend {
  /** The agent, or the UUID that stands for a key which registers. */
  readonly ownerId: string;
  readonly nonces: readonly string[];
  readonly expiresAt: Date;
}

/**
 * Spends nonces; one whose time is over may be spent again. Returns those that were spent before. Beside another transaction that
 * spends the same ones it waits for that one's end.
 */
export async function insertNonces(db: Db, spending: NoncesToSpend, now: Date): Promise<string[]> {
  const { ownerId, nonces, expiresAt } = spending;
  // Each once, and in one order whoever spends them, so that two never wait for each other.
  const sorted = [...new Set(nonces)].sort();
  const rows = sorted.length === 0 ? [] : await insertNew(db, ownerId, expiresAt, now, ...sorted);
  const isNew = new Set(rows.map((row) => row.nonce));
  return nonces.filter((nonce) => !isNew.has(nonce));
}

const insertNew = compileOnce(
  (_db, ownerId: string, expiresAt: Date, now: Date, ...nonces: string[]) =>
    sql<{ nonce: string }>`
    INSERT INTO nonces (agent_id, nonce, expires_at)
    VALUES ${sql.join(nonces.map((nonce) => sql`(${ownerId}, ${nonce}, ${expiresAt})`))}
    ON CONFLICT (agent_id, nonce) DO UPDATE SET expires_at = excluded.expires_at WHERE nonces.expires_at <= ${now}
    RETURNING nonce`,
);
