import { type Kysely, sql } from 'kysely';

/** The A2A cards that agents keep elsewhere: where, what came of looking at them, and what they suggest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE agents
      ADD COLUMN agent_card_url text,
      ADD COLUMN card_status text
        CHECK (card_status IN ('pending', 'verified', 'unsigned', 'drifted', 'unreachable', 'refused')),
      ADD COLUMN card_checked_at timestamptz,
      ADD COLUMN card_key text,
      ADD CONSTRAINT agents_card_status CHECK ((agent_card_url IS NULL) = (card_status IS NULL))`.execute(db);
  await sql`
    CREATE TABLE agent_cards (
      agent_id uuid PRIMARY KEY REFERENCES agents,
      look integer NOT NULL,
      looked_at timestamptz,
      protocol_version text,
      flaws jsonb NOT NULL DEFAULT '[]',
      suggestions jsonb
    )`.execute(db);
  await sql`ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check`.execute(db);
  await sql`
    ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check
      CHECK (kind IN ('webhook', 'verification', 'timer', 'criteria_check', 'agent_card'))`.execute(db);
  await sql`GRANT SELECT, INSERT, UPDATE ON agent_cards TO registry_api`.execute(db);
  await sql`GRANT SELECT, UPDATE ON agent_cards TO registry_dispatcher`.execute(db);
}
