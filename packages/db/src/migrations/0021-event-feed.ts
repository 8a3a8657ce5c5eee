import { type Kysely, sql } from 'kysely';

/**
 * Each agent's feed of events. A delivery gets its number in the feed when the feed is first read past it, and not when it is
 * written: whatever a read can see is committed, so nothing appears behind a number that was given out, writers wait for no
 * counter, and what older code writes is numbered as well.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE event_feeds (
      agent_id uuid PRIMARY KEY REFERENCES agents,
      last_seq bigint NOT NULL DEFAULT 0,
      deleted_seq bigint NOT NULL DEFAULT 0 CHECK (deleted_seq <= last_seq),
      awaited_until timestamptz
    )`.execute(db);
  await sql`ALTER TABLE webhook_deliveries ADD feed_seq bigint, ADD recorded_no bigint`.execute(db);
  // What causes an event has committed before the event is written, so this order is that of causes, whatever the clocks say.
  await sql`CREATE SEQUENCE webhook_deliveries_recorded OWNED BY webhook_deliveries.recorded_no`.execute(db);
  await sql`
    ALTER TABLE webhook_deliveries ALTER recorded_no SET DEFAULT nextval('webhook_deliveries_recorded')`.execute(
    db,
  );
  await sql`CREATE UNIQUE INDEX deliveries_feed ON webhook_deliveries (agent_id, feed_seq)`.execute(db);
  // Those from before the sequence come first, by their time.
  await sql`
    CREATE INDEX deliveries_not_in_feed ON webhook_deliveries (agent_id, recorded_no NULLS FIRST, created_at, delivery_id)
    WHERE feed_seq IS NULL`.execute(db);
  // Its second statement sees what was committed while the first waited for the lock.
  await sql`
    CREATE FUNCTION extend_event_feed(feed uuid, at_most integer) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
      given bigint;
      added bigint;
    BEGIN
      INSERT INTO event_feeds (agent_id) VALUES (feed) ON CONFLICT (agent_id) DO NOTHING;
      SELECT last_seq INTO given FROM event_feeds WHERE agent_id = feed FOR UPDATE;
      UPDATE webhook_deliveries SET feed_seq = given + waiting.place FROM (
        SELECT delivery_id, row_number() OVER (ORDER BY recorded_no NULLS FIRST, created_at, delivery_id) AS place FROM (
          SELECT delivery_id, recorded_no, created_at FROM webhook_deliveries WHERE agent_id = feed AND feed_seq IS NULL
          ORDER BY recorded_no NULLS FIRST, created_at, delivery_id LIMIT at_most FOR NO KEY UPDATE) AS oldest) AS waiting
      WHERE webhook_deliveries.delivery_id = waiting.delivery_id;
      GET DIAGNOSTICS added = ROW_COUNT;
      UPDATE event_feeds SET last_seq = given + added WHERE agent_id = feed;
    END $$`.execute(db);
  await sql`GRANT USAGE ON SEQUENCE webhook_deliveries_recorded TO registry_api, registry_dispatcher`.execute(
    db,
  );
  await sql`GRANT SELECT, INSERT, UPDATE ON event_feeds TO registry_api, registry_dispatcher`.execute(db);
}
