import { type Kysely, sql } from 'kysely';

/** Whether a seller's jobs have paid a fee of late, as `jobs_paid_of_client` says of a client's. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX jobs_paid_of_seller ON jobs (seller_agent_id, settled_at DESC) WHERE seller_share > 0`.execute(
    db,
  );
}
