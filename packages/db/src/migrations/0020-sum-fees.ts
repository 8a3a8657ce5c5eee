import { type Kysely, sql } from 'kysely';

/**
 * What the fees' postings sum up to, in few rows: each posting adds one, by a trigger, so that older code's count too, and the
 * sweep puts many into one. One row would be a queue of all completions.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE fee_sums (
      sum_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      amount bigint NOT NULL
    )`.execute(db);
  await sql`
    CREATE FUNCTION sum_fees() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO fee_sums (amount) VALUES (NEW.amount);
      RETURN NULL;
    END $$`.execute(db);
  // Before the sum is taken, since it waits for whoever is posting, and others wait for it.
  await sql`
    CREATE TRIGGER postings_sum_fees AFTER INSERT ON postings FOR EACH ROW
    WHEN (NEW.account_id = '00000000-0000-7000-8000-000000000001') EXECUTE FUNCTION sum_fees()`.execute(db);
  await sql`
    INSERT INTO fee_sums (amount)
    SELECT coalesce(sum(amount), 0) FROM postings WHERE account_id = '00000000-0000-7000-8000-000000000001'`.execute(
    db,
  );
  await sql`GRANT SELECT, INSERT, UPDATE, DELETE ON fee_sums TO registry_api, registry_dispatcher`.execute(
    db,
  );
}
