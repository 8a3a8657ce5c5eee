import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../create-db.ts';

/** How many rows a query finds, counted no further than `limit`. The query's columns do not matter. */
export async function countTo(
  db: Db,
  limit: number,
  query: RawBuilder<unknown> | Compilable,
): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    SELECT count(*) AS count FROM (${query as RawBuilder<unknown>} LIMIT ${limit}) AS found`.execute(db);
  return Number(rows[0]?.count ?? 0n);
}

/** A query builder, as far as it stands inside another statement. */
type Compilable = { toOperationNode(): unknown };
