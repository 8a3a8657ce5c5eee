import { sql } from 'kysely';
import type { Db } from '../create-db.ts';

export interface NonceToSpend {
  readonly agentId: string;
  readonly nonce: string;
  readonly expiresAt: Date;
}

/** Spends nonces; one whose time is over may be spent again. Returns how many were new. */
export async function insertNonces(db: Db, nonces: readonly NonceToSpend[], now: Date): Promise<number> {
  const result = await sql`
    INSERT INTO nonces (agent_id, nonce, expires_at)
    SELECT DISTINCT ON (agent_id, nonce) * FROM unnest(
      ${nonces.map((entry) => entry.agentId)}::uuid[],
      ${nonces.map((entry) => entry.nonce)}::text[],
      ${nonces.map((entry) => entry.expiresAt)}::timestamptz[]) AS entry (agent_id, nonce, expires_at)
    ORDER BY agent_id, nonce
    ON CONFLICT (agent_id, nonce) DO UPDATE SET expires_at = excluded.expires_at WHERE nonces.expires_at <= ${now}`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0n);
}
