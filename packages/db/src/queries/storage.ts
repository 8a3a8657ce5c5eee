import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import { deleteDue } from './delete-due.ts';

/** An agent, where its request came from, and in which hour. */
export interface StorageWriter {
  readonly agentId: string;
  readonly address: string;
  readonly hour: Date;
}

/** Bytes that are kept and were written. */
export interface StorageUsage {
  readonly kept: number;
  /** When the first of what is kept for a time is kept no longer. */
  readonly nextExpiry: Date | null;
  readonly byAgent: number;
  readonly byAddress: number;
}

export async function findStorageUsage(db: Db, writer: StorageWriter, now: Date): Promise<StorageUsage> {
  const { agentId, address, hour } = writer;
  const { rows } = await sql<{ kept: bigint; nextExpiry: Date | null; byAgent: bigint; byAddress: bigint }>`
    SELECT kept.bytes AS kept, kept.next_expiry AS "nextExpiry",
      (SELECT coalesce(sum(bytes), 0)::bigint FROM written_bytes WHERE agent_id = ${agentId} AND hour = ${hour}) AS "byAgent",
      (SELECT coalesce(sum(bytes), 0)::bigint FROM written_bytes WHERE hour = ${hour} AND address = ${address}) AS "byAddress"
    FROM (
      SELECT coalesce(sum(bytes), 0)::bigint AS bytes, min(expires_at) AS next_expiry
      FROM kept_bytes WHERE agent_id = ${agentId} AND (expires_at IS NULL OR expires_at > ${now})) AS kept`.execute(
    db,
  );
  const row = rows[0]!;
  return {
    kept: Number(row.kept),
    nextExpiry: row.nextExpiry,
    byAgent: Number(row.byAgent),
    byAddress: Number(row.byAddress),
  };
}

/** Bytes that a request wrote. */
export interface WrittenBytes {
  readonly agent_id: string;
  readonly hour: Date;
  readonly address: string;
  readonly bytes: number;
  /** What the agent's hour at this address may come to with them; null where they are counted and never refused. */
  readonly most: number | null;
}

/** Bytes that are kept of a subject: added to what is kept of it, but for a listing, which is kept as it is now. */
export interface KeptBytes {
  readonly agent_id: string;
  readonly subject: string;
  readonly bytes: number;
  readonly expires_at: Date | null;
}

const OVER_HOUR = 'bytes_of_hour';

/** By how many bytes the hour of a writer would have been overdrawn, where an error of `flushOutbox` says so; else null. */
export function bytesOverHour(error: unknown): number | null {
  const { constraint, detail } = (error ?? {}) as { constraint?: string; detail?: string };
  return constraint === OVER_HOUR ? Number(detail) : null;
}

/** Forgets what hours that are over wrote, and what is kept no longer. Returns how many rows. */
export async function deleteOldBytes(
  trx: Tx,
  times: { hour: Date; now: Date },
  limit: number,
): Promise<number> {
  const written = { where: sql<boolean>`hour < ${times.hour}`, orderBy: 'hour', limit };
  const kept = { where: sql<boolean>`expires_at <= ${times.now}`, orderBy: 'expires_at', limit };
  return (await deleteDue(trx, 'written_bytes', written)) + (await deleteDue(trx, 'kept_bytes', kept));
}
