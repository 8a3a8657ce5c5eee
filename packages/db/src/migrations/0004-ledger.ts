import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Platform accounts keep no running balance: every completion would queue on that one row.
  await sql`
    CREATE TABLE accounts (
      account_id uuid PRIMARY KEY,
      kind text NOT NULL CHECK (kind IN ('agent', 'escrow', 'bond', 'fees', 'mint')),
      owner_id uuid,
      balance bigint CHECK (balance >= 0),
      UNIQUE NULLS NOT DISTINCT (kind, owner_id),
      CHECK ((kind IN ('fees', 'mint')) = (balance IS NULL)),
      CHECK ((kind IN ('fees', 'mint')) = (owner_id IS NULL))
    )`.execute(db);
  await sql`
    INSERT INTO accounts (account_id, kind) VALUES
      ('00000000-0000-7000-8000-000000000001', 'fees'),
      ('00000000-0000-7000-8000-000000000002', 'mint')`.execute(db);
  await sql`
    CREATE TABLE transfers (
      transfer_id uuid PRIMARY KEY,
      reference text NOT NULL UNIQUE,
      kind text NOT NULL,
      job_id uuid REFERENCES jobs,
      created_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX transfers_of_job ON transfers (job_id) WHERE job_id IS NOT NULL`.execute(db);
  await sql`
    CREATE TABLE postings (
      posting_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      transfer_id uuid NOT NULL REFERENCES transfers,
      account_id uuid NOT NULL REFERENCES accounts,
      amount bigint NOT NULL CHECK (amount <> 0),
      balance_after bigint,
      UNIQUE (transfer_id, account_id)
    )`.execute(db);
  await sql`CREATE INDEX postings_of_account ON postings (account_id, posting_id DESC) INCLUDE (amount)`.execute(
    db,
  );
  // The last line of defence, whoever writes the postings.
  await sql`
    CREATE FUNCTION check_transfer_balances() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (SELECT sum(amount) FROM postings WHERE transfer_id = NEW.transfer_id) <> 0 THEN
        RAISE EXCEPTION 'the postings of transfer % do not sum to zero', NEW.transfer_id USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE CONSTRAINT TRIGGER postings_sum_to_zero AFTER INSERT ON postings
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_transfer_balances()`.execute(db);
}
