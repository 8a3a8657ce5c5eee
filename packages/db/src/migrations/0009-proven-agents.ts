import { type Kysely, sql } from 'kysely';

/** Who proved to hold the key, and who had to give it up to its holder. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE agents ADD COLUMN proven_at timestamptz, ADD COLUMN displaced_at timestamptz`.execute(
    db,
  );
  // Whoever was seen has signed.
  await sql`UPDATE agents SET proven_at = last_seen WHERE last_seen IS NOT NULL`.execute(db);
  // Under the constraint's name, by which the code before and after it tells that a key is taken.
  await sql`ALTER TABLE agents DROP CONSTRAINT agents_public_key_key`.execute(db);
  await sql`CREATE UNIQUE INDEX agents_public_key_key ON agents (public_key) WHERE displaced_at IS NULL`.execute(
    db,
  );
}
