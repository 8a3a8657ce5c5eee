import type { Db } from '@agent-registry/db';
import { sql } from 'kysely';

/** A hash of every table's rows, by the table's name: nothing was stored where it stays the same. */
export async function fingerprint(db: Db, besides: readonly string[] = []): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name`.execute(db);
  const names = tables.map(({ name }) => name).filter((name) => !besides.includes(name));
  const union = sql.join(
    names.map(
      (
        name,
      ) => sql`SELECT ${name} AS name, count(*) || ' rows ' || coalesce(md5(string_agg(md5(row::text), '' ORDER BY md5(row::text))), '')
        AS content FROM ${sql.table(name)} AS row`,
    ),
    sql` UNION ALL `,
  );
  const { rows } = await sql<{ name: string; content: string }>`${union}`.execute(db);
  return Object.fromEntries(rows.map(({ name, content }) => [name, content]));
}
