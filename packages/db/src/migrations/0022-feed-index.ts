import { type Kysely, sql } from 'kysely';

/** Deliveries enter the index of the feed when they get their number there, so that writing one writes an entry less. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE UNIQUE INDEX deliveries_numbered ON webhook_deliveries (agent_id, feed_seq) WHERE feed_seq IS NOT NULL`.execute(
    db,
  );
  await sql`DROP INDEX deliveries_feed`.execute(db);
}
