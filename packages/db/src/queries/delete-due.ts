import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../create-db.ts';
import type { Database } from '../tables/index.ts';

/** Rows of a table whose time has come: which, and by what they are taken in turn. */
export interface DueRows {
  readonly where: RawBuilder<boolean>;
  readonly orderBy: string;
  readonly limit: number;
}

/** Deletes the first `limit` of them that nobody holds. Returns how many were deleted. */
export async function deleteDue(trx: Tx, table: keyof Database, due: DueRows): Promise<number> {
  const result = await sql`DELETE FROM ${sql.table(table)} WHERE ${isFirstDue(table, due)}`.execute(trx);
  return Number(result.numAffectedRows ?? 0n);
}

/**
 * That a row is among the first `limit` of those that nobody holds, which are locked. By their places in the table: joined by a key,
 * they are looked for in all of it where Postgres had last seen few rows. One that somebody has just changed is left to the next time.
 */
export function isFirstDue(table: keyof Database, { where, orderBy, limit }: DueRows): RawBuilder<boolean> {
  return sql`ctid = ANY(ARRAY(
    SELECT ctid FROM ${sql.table(table)} WHERE ${where} ORDER BY ${sql.ref(orderBy)} LIMIT ${limit} FOR UPDATE SKIP LOCKED))`;
}
