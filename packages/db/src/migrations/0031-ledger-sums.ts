import { type Kysely, sql } from 'kysely';

/**
 * What the ledger adds up to, kept by the sweep up to a posting, so that nobody has to read all of it to know. Accounts get a
 * number, as postings have one, to be counted by.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE accounts ADD COLUMN account_number bigint GENERATED ALWAYS AS IDENTITY UNIQUE`.execute(
    db,
  );
  await sql`
    CREATE TABLE ledger_sums (
      is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
      posting_id bigint NOT NULL DEFAULT 0,
      account_number bigint NOT NULL DEFAULT 0,
      as_of timestamptz NOT NULL DEFAULT 'epoch',
      postings bigint NOT NULL DEFAULT 0,
      transfers bigint NOT NULL DEFAULT 0,
      accounts bigint NOT NULL DEFAULT 0,
      agent bigint NOT NULL DEFAULT 0,
      escrow bigint NOT NULL DEFAULT 0,
      bond bigint NOT NULL DEFAULT 0,
      fees bigint NOT NULL DEFAULT 0,
      mint bigint NOT NULL DEFAULT 0,
      suspects uuid[] NOT NULL DEFAULT '{}',
      next_posting_id bigint,
      next_account_number bigint,
      next_at timestamptz,
      next_xid xid8
    )`.execute(db);
  await sql`INSERT INTO ledger_sums DEFAULT VALUES`.execute(db);
  await sql`GRANT SELECT ON ledger_sums TO registry_api`.execute(db);
  await sql`GRANT SELECT, UPDATE ON ledger_sums TO registry_dispatcher`.execute(db);
}
