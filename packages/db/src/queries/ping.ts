import { sql } from 'kysely';
import type { Db } from '../create-db.ts';

/** Whether the database answers. */
export async function pingDb(db: Db): Promise<boolean> {
  try {
    await sql`SELECT 1`.execute(db);
    return true;
  } catch {
    return false;
  }
}
