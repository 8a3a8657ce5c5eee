import { type Kysely, sql } from 'kysely';

/** Hidden cases of program tests: a table of their own, so that nothing that reads jobs comes across them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE hidden_cases (
      job_id uuid PRIMARY KEY REFERENCES jobs,
      sealed text NOT NULL
    )`.execute(db);
  await sql`GRANT SELECT, INSERT ON hidden_cases TO registry_api`.execute(db);
  // UPDATE is for sealing anew under another key.
  await sql`GRANT SELECT, UPDATE (sealed) ON hidden_cases TO registry_dispatcher`.execute(db);
}
