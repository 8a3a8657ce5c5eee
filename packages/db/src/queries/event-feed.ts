import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';

/** An event in an agent's feed, under the id of its delivery: the webhook-id. */
export interface FeedEvent {
  readonly seq: bigint;
  readonly delivery_id: string;
  readonly event_id: string;
  readonly created_at: Date;
  readonly body: string;
}

export interface FeedPage {
  readonly events: readonly FeedEvent[];
  /** The delivery that `after` stands for; null where it is not kept. */
  readonly lastDeliveryId: string | null;
  /** The highest number that was given, and the highest whose event was deleted when it was too old. */
  readonly lastSeq: bigint;
  readonly deletedSeq: bigint;
}

/**
 * Up to `limit` events of an agent's feed after a number, in the feed's one order; 0 is before all. Events that have no number
 * yet are given theirs where the page reaches them.
 */
export async function readFeed(db: Db, agentId: string, after: bigint, limit: number): Promise<FeedPage> {
  const { page, isMore } = await selectPage(db, agentId, after, limit);
  const missing = limit - page.events.length;
  if (isMore === null || missing === 0) return page;
  await sql`SELECT extend_event_feed(${agentId}::uuid, ${missing}::integer)`.execute(db);
  return (await selectPage(db, agentId, after, limit)).page;
}

type Row = { [Key in keyof FeedEvent]: FeedEvent[Key] | null } & Omit<FeedPage, 'events'> & {
    isMore: boolean | null;
  };

async function selectPage(db: Db, agentId: string, after: bigint, limit: number) {
  const { rows } = await sql<Row>`
    SELECT coalesce(feed.last_seq, 0) AS "lastSeq", coalesce(feed.deleted_seq, 0) AS "deletedSeq",
      (SELECT delivery_id FROM webhook_deliveries WHERE agent_id = ${agentId} AND feed_seq = ${after}) AS "lastDeliveryId",
      (SELECT true FROM webhook_deliveries WHERE agent_id = ${agentId} AND feed_seq IS NULL
        ORDER BY recorded_no NULLS FIRST LIMIT 1) AS "isMore", event.*
    FROM (VALUES (1)) AS one
    LEFT JOIN event_feeds feed ON feed.agent_id = ${agentId}
    LEFT JOIN LATERAL (
      SELECT delivery.feed_seq AS seq, delivery.delivery_id, event.event_id, event.created_at, event.body
      FROM webhook_deliveries delivery JOIN events event USING (event_id)
      WHERE delivery.agent_id = ${agentId} AND delivery.feed_seq > ${after}
      ORDER BY delivery.feed_seq LIMIT ${limit}) AS event ON true
    ORDER BY event.seq`.execute(db);
  const { lastDeliveryId, lastSeq, deletedSeq, isMore } = rows[0]!;
  const events = rows.filter(({ seq }) => seq !== null) as unknown as FeedEvent[];
  return { page: { events, lastDeliveryId, lastSeq, deletedSeq }, isMore };
}

/** Notes that a request waits for this agent's next event, so that whatever brings one announces it. */
export async function awaitFeed(db: Db, agentId: string, until: Date): Promise<void> {
  await sql`
    INSERT INTO event_feeds AS feed (agent_id, awaited_until) VALUES (${agentId}, ${until})
    ON CONFLICT (agent_id) DO UPDATE SET awaited_until = greatest(feed.awaited_until, excluded.awaited_until)`.execute(
    db,
  );
}

/** What feeds lose when these deliveries are deleted. Their rows are locked first, in agent order, as readers lock them. */
export async function lockFeeds(trx: Tx, agentIds: readonly string[]): Promise<void> {
  await sql`
    SELECT FROM event_feeds WHERE agent_id = ANY(${[...agentIds]}::uuid[]) ORDER BY agent_id FOR UPDATE`.execute(
    trx,
  );
}

/**
 * Notes on feeds what was deleted of them. An event that never got a number is counted as if it had just got one, or else a
 * cursor from before would look as if nothing were missing after it.
 */
export async function noteDeletedFromFeeds(
  trx: Tx,
  deleted: readonly { agent_id: string; feed_seq: bigint | null }[],
): Promise<void> {
  await sql`
    UPDATE event_feeds AS feed SET last_seq = feed.last_seq + gone.unnumbered,
      deleted_seq = greatest(feed.deleted_seq, gone.seq, CASE WHEN gone.unnumbered > 0 THEN feed.last_seq + gone.unnumbered END)
    FROM (
      SELECT agent_id, max(feed_seq) AS seq, count(*) FILTER (WHERE feed_seq IS NULL) AS unnumbered
      FROM unnest(${deleted.map((row) => row.agent_id)}::uuid[], ${deleted.map((row) => row.feed_seq)}::bigint[])
        AS one (agent_id, feed_seq)
      GROUP BY agent_id) AS gone
    WHERE feed.agent_id = gone.agent_id AND feed.agent_id = ANY(${deleted.map((row) => row.agent_id)}::uuid[])`.execute(
    trx,
  );
}
