import { sql } from 'kysely';
import type { Db } from '../create-db.ts';

/** Until a statement in this database waits for another's lock. */
export async function untilOneWaits(db: Db): Promise<void> {
  for (let waiting = 0; waiting === 0; ) {
    const { rows } = await sql<{ waiting: number }>`
      SELECT count(*)::integer AS waiting FROM pg_locks WHERE NOT granted AND pid IN (
        SELECT pid FROM pg_stat_activity WHERE datname = current_database())`.execute(db);
    waiting = rows[0]!.waiting;
  }
}
