import { type Kysely, sql } from 'kysely';

/**
 * Reputation by fees. What a review weighs is kept with it, null until its job is settled and somebody has looked: the sweep computes
 * anew the standings of all agents whose reviews are unweighed, or whose score is another formula's. It knows those that older code
 * has written since by `scored_as_of`, which older code leaves as it was.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE agents ADD COLUMN attack_cost_seller bigint NOT NULL DEFAULT 0,
      ADD COLUMN attack_cost_client bigint NOT NULL DEFAULT 0, ADD COLUMN counterparties integer NOT NULL DEFAULT 0,
      ADD COLUMN scored_as_of timestamptz, ADD COLUMN scored_by text`.execute(db);
  await sql`
    CREATE INDEX agents_scored_by ON agents ((CASE WHEN scored_as_of = reputation_as_of THEN scored_by ELSE '' END) COLLATE "C")
    WHERE reviews_as_seller + reviews_as_client > 0`.execute(db);
  await sql`
    ALTER TABLE reviews ADD COLUMN weighs bigint, ADD COLUMN is_blamed boolean NOT NULL DEFAULT false,
      ADD COLUMN settled_at timestamptz`.execute(db);
  await sql`
    CREATE INDEX reviews_weighing ON reviews (reviewee_agent_id, role, created_at DESC, review_id DESC) WHERE weighs > 0`.execute(
    db,
  );
  await sql`CREATE INDEX reviews_unweighed ON reviews (reviewee_agent_id) WHERE weighs IS NULL`.execute(db);
  await sql`
    CREATE INDEX reviews_settled ON reviews (settled_at) WHERE weighs IS NULL AND settled_at IS NOT NULL`.execute(
    db,
  );
  await noteSettlements(db);
}

/**
 * A failed job may be reviewed before it is settled. Its reviews, not their agents, are marked: whoever settles holds accounts, and whoever
 * holds agents may wait for accounts. By a trigger, so that older code marks them too.
 */
async function noteSettlements(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE FUNCTION note_settled_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE reviews SET settled_at = NEW.settled_at WHERE job_id = NEW.job_id AND weighs IS NULL;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER jobs_note_settled_reviews AFTER UPDATE OF settled_at ON jobs FOR EACH ROW
    WHEN (OLD.settled_at IS NULL AND NEW.settled_at IS NOT NULL AND NEW.failed_at IS NOT NULL)
    EXECUTE FUNCTION note_settled_reviews()`.execute(db);
}
