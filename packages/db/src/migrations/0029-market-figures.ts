import { type Kysely, sql } from 'kysely';

/** What happened in each hour and day, for operators: kept by the sweep. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE market_figures (
      period text NOT NULL CHECK (period IN ('hour', 'day')),
      starts_at timestamptz NOT NULL,
      flows jsonb NOT NULL,
      levels jsonb,
      updated_at timestamptz NOT NULL,
      PRIMARY KEY (period, starts_at)
    )`.execute(db);
  await sql`GRANT SELECT ON market_figures TO registry_api`.execute(db);
  await sql`GRANT SELECT, INSERT, UPDATE ON market_figures TO registry_dispatcher`.execute(db);
  // Rows of these lie in the order of their times, so that a block range index finds an hour and costs a write next to nothing.
  for (const table of ['transfers', 'events', 'agents', 'reviews'])
    await sql`
      CREATE INDEX ${sql.ref(`${table}_by_time`)} ON ${sql.table(table)} USING brin (created_at)
        WITH (pages_per_range = 32, autosummarize = on)`.execute(db);
  await sql`CREATE INDEX runs_by_end ON verification_runs (finished_at) WHERE finished_at IS NOT NULL`.execute(
    db,
  );
}
