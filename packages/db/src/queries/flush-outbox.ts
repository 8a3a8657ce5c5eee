import type { OutboxKind } from '@agent-registry/schemas';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../create-db.ts';
import type { AgentRow, EventRow, OutboxRow } from '../tables/index.ts';
import { OVERDUE_MS, TASK_LEAD_MS } from './outbox.ts';
import { isReachable } from './reachable.ts';
import type { KeptBytes, WrittenBytes } from './storage.ts';

/** Something that must happen at `due_at`. */
export interface OutboxEntry {
  readonly outbox_id: string;
  readonly kind: OutboxKind;
  readonly subject: string;
  readonly cycle: number;
  readonly attempt: number;
  readonly job_id: string | null;
  readonly due_at: Date;
}

/** An event's delivery to one agent: its first attempt is due at once if the agent may be sent webhooks. */
export interface NewDelivery {
  readonly delivery_id: string;
  readonly outbox_id: string;
  readonly agent_id: string;
  readonly event: EventRow;
}

/** What a transaction leads to. */
export interface Consequences {
  readonly events: readonly EventRow[];
  readonly deliveries: readonly NewDelivery[];
  readonly entries: readonly OutboxEntry[];
  /** Jobs whose timers are those among `entries`, and no others. */
  readonly timedJobs: readonly string[];
  readonly keptBytes: readonly KeptBytes[];
  readonly writtenBytes: readonly WrittenBytes[];
}

/** Where an agent is sent its webhooks, and what signs them. */
export type Endpoint = Pick<
  AgentRow,
  'agent_id' | 'webhook_secret' | 'previous_webhook_secret' | 'previous_secret_until'
> & { endpoint_url: string };

/**
 * Writes what a transaction leads to: events, their deliveries, outbox entries, and counts of bytes. An entry that is there
 * with another time moves, under a new generation, so that the task created for the old time finds nothing to do; one that
 * is there with the same time is left alone. Its statements are all asked for before this returns, so that they travel together:
 * small ones, of which only those that have something to write run, cost Postgres a third of one that may write to every table.
 *
 * @returns the entries that are new or have moved and are due within TASK_LEAD_MS, those of new deliveries with the agent's endpoint; and the agents among the
 *   new deliveries' for whose events a request waits.
 */
export async function flushOutbox(
  trx: Tx,
  { events, deliveries, entries, timedJobs, keptBytes, writtenBytes }: Consequences,
  now: Date,
): Promise<{ due: (OutboxRow & Partial<Endpoint>)[]; awaited: string[] }> {
  const soon = new Date(now.getTime() + TASK_LEAD_MS);
  const timers = entries.filter(({ kind }) => kind === 'timer').map(({ subject }) => subject);
  const asked: Promise<unknown>[] = [];
  if (events.length > 0) asked.push(insertEvents(events).execute(trx));
  if (deliveries.length > 0) asked.push(insertDeliveries(deliveries).execute(trx));
  const sent = deliveries.length > 0 ? sendDeliveries(deliveries, now).execute(trx) : { rows: [] };
  if (timedJobs.length > 0) asked.push(deleteTimers(timedJobs, timers).execute(trx));
  const moved = entries.length > 0 ? upsertEntries(entries, soon, now).execute(trx) : { rows: [] };
  if (keptBytes.length > 0) asked.push(keepBytes(keptBytes).execute(trx));
  if (writtenBytes.length > 0) asked.push(countWrittenBytes(writtenBytes).execute(trx));
  const [{ rows: targets }, { rows }] = await Promise.all([sent, moved, ...asked]);
  const webhooks = targets.filter(({ endpoint_url }) => endpoint_url !== null);
  return {
    due: [...webhooks, ...rows].filter(({ due_at }) => due_at <= soon),
    awaited: targets.flatMap(({ agent_id, is_awaited }) => (is_awaited ? agent_id : [])),
  };
}

function insertEvents(events: readonly EventRow[]): RawBuilder<unknown> {
  return sql`
    INSERT INTO events (event_id, job_id, type, body, created_at)
    SELECT * FROM unnest(${events.map((row) => row.event_id)}::uuid[], ${events.map((row) => row.job_id)}::uuid[],
      ${events.map((row) => row.type)}::text[], ${events.map((row) => row.body)}::text[],
      ${events.map((row) => row.created_at)}::timestamptz[])`;
}

function insertDeliveries(deliveries: readonly NewDelivery[]): RawBuilder<unknown> {
  return sql`
    INSERT INTO webhook_deliveries (delivery_id, event_id, agent_id, event_type, status, created_at)
    SELECT delivery_id, event_id, agent_id, event_type, 'pending', created_at
    FROM unnest(${deliveries.map((row) => row.delivery_id)}::uuid[], ${deliveries.map((row) => row.event.event_id)}::uuid[],
      ${deliveries.map((row) => row.agent_id)}::uuid[], ${deliveries.map((row) => row.event.type)}::text[],
      ${deliveries.map((row) => row.event.created_at)}::timestamptz[])
      AS delivery (delivery_id, event_id, agent_id, event_type, created_at)`;
}

type Target = OutboxRow & Endpoint & { is_awaited: boolean };

/** Puts a first attempt into the outbox for each delivery whose agent is reachable, and tells whom a request waits for. */
function sendDeliveries(deliveries: readonly NewDelivery[], now: Date): RawBuilder<Target> {
  // Of an array Postgres guesses ten elements, and would plan anew for each job's event, which has one or two.
  const limit = deliveries.length <= 2 ? sql`LIMIT ${sql.lit(deliveries.length)}` : sql``;
  return sql<Target>`
    WITH target AS (
      SELECT delivery.outbox_id, 'webhook' AS kind, delivery.subject, 1 AS cycle, 1 AS attempt, 0 AS generation, delivery.job_id,
        delivery.due_at, delivery.due_at + ${OVERDUE_MS}::float8 * interval '1 millisecond' AS check_at,
        ${now}::timestamptz AS created_at, agent.agent_id,
        CASE WHEN ${isReachable('agent', 'delivery.event_type')} THEN agent.endpoint_url END AS endpoint_url,
        agent.webhook_secret, agent.previous_webhook_secret, agent.previous_secret_until,
        EXISTS (SELECT FROM event_feeds feed
          WHERE feed.agent_id = delivery.agent_id AND feed.awaited_until > ${now}::timestamptz) AS is_awaited
      FROM (SELECT * FROM unnest(${deliveries.map((row) => row.outbox_id)}::uuid[], ${deliveries.map((row) => row.delivery_id)}::text[],
        ${deliveries.map((row) => row.agent_id)}::uuid[], ${deliveries.map((row) => row.event.type)}::text[],
        ${deliveries.map((row) => row.event.job_id)}::uuid[], ${deliveries.map((row) => row.event.created_at)}::timestamptz[]) ${limit})
        AS delivery (outbox_id, subject, agent_id, event_type, job_id, due_at)
      JOIN agents agent ON agent.agent_id = delivery.agent_id
    ), sent AS (
      INSERT INTO outbox (outbox_id, kind, subject, cycle, attempt, job_id, due_at, check_at, created_at)
      SELECT outbox_id, kind, subject, cycle, attempt, job_id, due_at, check_at, created_at
      FROM target WHERE endpoint_url IS NOT NULL
    )
    SELECT * FROM target`;
}

/** Deletes the timers of these jobs but for those of these names. */
function deleteTimers(jobIds: readonly string[], kept: readonly string[]): RawBuilder<unknown> {
  // Of an array Postgres guesses ten elements, and would rather read all timers.
  const isTimed = jobIds.length === 1 ? sql`${jobIds[0]}` : sql`ANY(${[...jobIds]}::uuid[])`;
  return sql`DELETE FROM outbox WHERE kind = 'timer' AND job_id = ${isTimed} AND subject <> ALL(${kept}::text[])`;
}

function upsertEntries(entries: readonly OutboxEntry[], soon: Date, now: Date): RawBuilder<OutboxRow> {
  return sql<OutboxRow>`
    INSERT INTO outbox (outbox_id, kind, subject, cycle, attempt, job_id, due_at, check_at, created_at)
    SELECT outbox_id, kind, subject, cycle, attempt, job_id, due_at,
      due_at + CASE WHEN due_at > ${soon}::timestamptz THEN ${-TASK_LEAD_MS}::float8 ELSE ${OVERDUE_MS}::float8 END
        * interval '1 millisecond', ${now}::timestamptz
    FROM unnest(${entries.map((row) => row.outbox_id)}::uuid[], ${entries.map((row) => row.kind)}::text[],
      ${entries.map((row) => row.subject)}::text[], ${entries.map((row) => row.cycle)}::integer[],
      ${entries.map((row) => row.attempt)}::integer[], ${entries.map((row) => row.job_id)}::uuid[],
      ${entries.map((row) => row.due_at)}::timestamptz[])
      AS entry (outbox_id, kind, subject, cycle, attempt, job_id, due_at)
    ON CONFLICT (kind, subject, cycle, attempt) DO UPDATE
      SET due_at = excluded.due_at, check_at = excluded.check_at, generation = outbox.generation + 1
      WHERE outbox.due_at <> excluded.due_at
    RETURNING *`;
}

function keepBytes(kept: readonly KeptBytes[]): RawBuilder<unknown> {
  return sql`
    INSERT INTO kept_bytes (agent_id, subject, bytes, expires_at)
    SELECT * FROM unnest(${kept.map((row) => row.agent_id)}::uuid[], ${kept.map((row) => row.subject)}::text[],
      ${kept.map((row) => row.bytes)}::bigint[], ${kept.map((row) => row.expires_at)}::timestamptz[])
    ON CONFLICT (agent_id, subject) DO UPDATE SET bytes = excluded.bytes
      + CASE WHEN excluded.subject LIKE 'listing:%' THEN 0 ELSE kept_bytes.bytes END`;
}

function countWrittenBytes(written: readonly WrittenBytes[]): RawBuilder<unknown> {
  return sql`
    INSERT INTO written_bytes (agent_id, hour, address, bytes)
    SELECT * FROM unnest(${written.map((row) => row.agent_id)}::uuid[], ${written.map((row) => row.hour)}::timestamptz[],
      ${written.map((row) => row.address)}::text[], ${written.map((row) => row.bytes)}::bigint[])
    ON CONFLICT (agent_id, hour, address) DO UPDATE SET bytes = written_bytes.bytes + excluded.bytes`;
}
