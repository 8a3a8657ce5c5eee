import type { OutboxKind } from '@agent-registry/schemas';
import { type RawBuilder, sql } from 'kysely';
import { compileByMembers } from '../compile-once.ts';
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

/** A leaf of the transparency log: its text is what is hashed. */
export interface NewLeaf {
  readonly leaf_id: string;
  readonly kind: string;
  readonly subject: string;
  readonly job_id: string | null;
  readonly leaf: string;
  readonly created_at: Date;
}

/** What a transaction leads to. */
export interface Consequences {
  readonly events: readonly EventRow[];
  readonly deliveries: readonly NewDelivery[];
  readonly entries: readonly OutboxEntry[];
  /** Subjects of timers that are no longer wanted, where there are any. */
  readonly oldTimers: readonly string[];
  readonly keptBytes: readonly KeptBytes[];
  /** What the request wrote whose operation it is. */
  readonly writtenBytes: WrittenBytes | null;
  readonly leaves: readonly NewLeaf[];
  /** Salts of jobs that had none; hex. */
  readonly salts: readonly { readonly job_id: string; readonly salt: string }[];
}

/** Where an agent is sent its webhooks, and what signs them. */
export type Endpoint = Pick<
  AgentRow,
  'agent_id' | 'webhook_secret' | 'previous_webhook_secret' | 'previous_secret_until'
> & { endpoint_url: string };

/**
 * Writes what a transaction leads to, in one statement: events, their deliveries, outbox entries,
 * leaves of the log, and counts of bytes. An entry that is there
 * with another time moves, under a new generation, so that the task created for the old time finds nothing to do; one that
 * is there with the same time is left alone.
 *
 * The statement has only the parts for which there is something to write: Postgres opens every table and index that a statement
 * names, which costs more than to prepare its few forms.
 *
 * @throws an error that `bytesOverHour` knows, where the request wrote more than its agent's hour holds.
 * @returns the entries that are new or have moved and are due within TASK_LEAD_MS, those of new deliveries with the agent's endpoint; and the agents among the
 *   new deliveries' for whose events a request waits.
 */
export async function flushOutbox(
  trx: Tx,
  consequences: Consequences,
  now: Date,
): Promise<{ due: (OutboxRow & Partial<Endpoint>)[]; awaited: string[] }> {
  const soon = new Date(now.getTime() + TASK_LEAD_MS);
  const rows = await flush(trx, { ...textsOf(consequences), now, soon });
  return {
    due: rows.filter(({ awaited_by, due_at }) => awaited_by === null && due_at <= soon),
    awaited: rows.flatMap(({ awaited_by }) => awaited_by ?? []),
  };
}

type Flushed = OutboxRow & Partial<Endpoint> & { awaited_by: string | null };

/** What the statement is given: rows as a JSON array, absent where there are none. */
interface Texts {
  readonly events: string | undefined;
  readonly keptBytes: string | undefined;
  readonly writtenBytes: string | undefined;
  readonly mostWritten: number | undefined;
  readonly salts: string | undefined;
  readonly leaves: string | undefined;
  readonly oldTimers: readonly string[] | undefined;
  readonly deliveries: string | undefined;
  /** Of the deliveries. Of an array Postgres guesses ten elements, of JSON a hundred: for so many it would read all of a small table. */
  readonly agentIds: readonly string[] | undefined;
  readonly entries: string | undefined;
}

interface Flush extends Texts {
  readonly now: Date;
  readonly soon: Date;
}

function textsOf(consequences: Consequences): Texts {
  const { events, deliveries, entries, oldTimers, keptBytes, writtenBytes, leaves, salts } = consequences;
  const sent = deliveries.map(({ event, ...delivery }) => ({
    ...delivery,
    event_id: event.event_id,
    event_type: event.type,
    job_id: event.job_id,
    created_at: event.created_at,
  }));
  return {
    events: jsonOf(events),
    keptBytes: jsonOf(keptBytes),
    writtenBytes: writtenBytes === null ? undefined : JSON.stringify([writtenBytes]),
    mostWritten: writtenBytes?.most ?? undefined,
    salts: jsonOf(salts),
    leaves: jsonOf(leaves),
    oldTimers: oldTimers.length === 0 ? undefined : [...oldTimers],
    deliveries: jsonOf(sent),
    agentIds: sent.length === 0 ? undefined : [...new Set(sent.map(({ agent_id }) => agent_id))],
    entries: jsonOf(entries),
  };
}

function jsonOf(rows: readonly unknown[]): string | undefined {
  return rows.length === 0 ? undefined : JSON.stringify(rows);
}

const flush = compileByMembers((_db, written: Flush) => {
  const { deliveries } = written;
  const hasEntries = deliveries !== undefined || written.entries !== undefined;
  const parts = [...writesOf(written), ...deliveryParts(written), ...(hasEntries ? entryParts(written) : [])];
  const endpoint = sql`endpoint.agent_id, endpoint.endpoint_url, endpoint.webhook_secret, endpoint.previous_webhook_secret,
    endpoint.previous_secret_until, awaited.agent_id AS awaited_by
    FROM flushed LEFT JOIN endpoint ON flushed.kind = 'webhook' AND endpoint.subject = flushed.subject
    FULL JOIN awaited ON false`;
  const result = hasEntries
    ? sql`SELECT flushed.*, ${deliveries === undefined ? sql`NULL AS awaited_by FROM flushed` : endpoint}`
    : sql`SELECT WHERE false`;
  return sql<Flushed>`WITH ${sql.join(parts, sql`, `)} ${result}`;
});

/** What nothing else in the statement reads. */
function writesOf({
  events,
  oldTimers,
  keptBytes,
  writtenBytes,
  mostWritten,
  leaves,
  salts,
}: Texts): RawBuilder<unknown>[] {
  const inHour = sql`written_bytes.bytes + excluded.bytes`;
  const refused = mostWritten === undefined ? inHour : sql`bytes_of_hour(${inHour}, ${mostWritten}::bigint)`;
  const parts = [
    [
      events,
      sql`new_events AS (
      INSERT INTO events (event_id, job_id, type, body, created_at)
      SELECT * FROM json_to_recordset(${events}::json)
        AS event (event_id uuid, job_id uuid, type text, body text, created_at timestamptz))`,
    ],
    [
      keptBytes,
      sql`kept AS (
      INSERT INTO kept_bytes (agent_id, subject, bytes, expires_at)
      SELECT agent_id, subject, bytes, expires_at FROM json_to_recordset(${keptBytes}::json)
        AS kept (agent_id uuid, subject text, bytes bigint, expires_at timestamptz)
      ON CONFLICT (agent_id, subject) DO UPDATE SET bytes = excluded.bytes
        + CASE WHEN excluded.subject LIKE 'listing:%' THEN 0 ELSE kept_bytes.bytes END)`,
    ],
    [
      writtenBytes,
      sql`written AS (
      INSERT INTO written_bytes (agent_id, hour, address, bytes)
      SELECT agent_id, hour, address, bytes FROM json_to_recordset(${writtenBytes}::json)
        AS written (agent_id uuid, hour timestamptz, address text, bytes bigint)
      ON CONFLICT (agent_id, hour, address) DO UPDATE SET bytes = ${refused})`,
    ],
    [
      salts,
      sql`new_salts AS (
      INSERT INTO job_salts (job_id, salt) SELECT job_id, decode(salt, 'hex')
      FROM json_to_recordset(${salts}::json) AS salt (job_id uuid, salt text))`,
    ],
    [
      leaves,
      sql`new_leaves AS (
      INSERT INTO log_leaves (leaf_id, kind, subject, job_id, leaf, created_at)
      SELECT leaf_id, kind, subject, job_id, convert_to(leaf, 'UTF8'), created_at FROM json_to_recordset(${leaves}::json)
        AS leaf (leaf_id uuid, kind text, subject text, job_id uuid, leaf text, created_at timestamptz))`,
    ],
    [
      oldTimers,
      sql`old_timers AS (
      DELETE FROM outbox WHERE subject = ANY(${oldTimers}::text[]) AND kind = 'timer')`,
    ],
  ] as const;
  return parts.flatMap(([rows, part]) => (rows === undefined ? [] : [part]));
}

/** Deliveries, the endpoints of those whose agents can be reached, and the agents for whose events a request waits. */
function deliveryParts({ deliveries, agentIds, now }: Flush): RawBuilder<unknown>[] {
  if (deliveries === undefined) return [];
  return [
    sql`delivery AS (
      SELECT * FROM json_to_recordset(${deliveries}::json) AS delivery (delivery_id uuid, outbox_id uuid,
        agent_id uuid, event_id uuid, event_type text, job_id uuid, created_at timestamptz))`,
    sql`new_deliveries AS (
      INSERT INTO webhook_deliveries (delivery_id, event_id, agent_id, event_type, status, created_at)
      SELECT delivery_id, event_id, agent_id, event_type, 'pending', created_at FROM delivery)`,
    sql`endpoint AS (
      SELECT delivery.delivery_id::text AS subject, delivery.outbox_id, delivery.job_id, delivery.created_at, agent.agent_id,
        agent.endpoint_url, agent.webhook_secret, agent.previous_webhook_secret, agent.previous_secret_until
      FROM delivery JOIN agents agent USING (agent_id)
      WHERE agent.agent_id = ANY(${agentIds}::uuid[]) AND ${isReachable('agent', 'delivery.event_type')})`,
    sql`awaited AS (
      SELECT agent_id FROM event_feeds WHERE agent_id = ANY(${agentIds}::uuid[]) AND awaited_until > ${now}::timestamptz)`,
  ];
}

/** Outbox entries, with the first attempts of the deliveries where there are any. */
function entryParts({ entries, deliveries, now, soon }: Flush): RawBuilder<unknown>[] {
  const given = sql`SELECT * FROM json_to_recordset(${entries ?? '[]'}::json) AS entry (outbox_id uuid, kind text, subject text,
        cycle integer, attempt integer, job_id uuid, due_at timestamptz)`;
  const attempts = sql`UNION ALL SELECT outbox_id, 'webhook', subject, 1, 1, job_id, created_at FROM endpoint`;
  return [
    sql`entry AS (
      ${given}
      ${deliveries === undefined ? sql`` : attempts})`,
    sql`flushed AS (
      INSERT INTO outbox (outbox_id, kind, subject, cycle, attempt, job_id, due_at, check_at, created_at)
      SELECT outbox_id, kind, subject, cycle, attempt, job_id, due_at,
        due_at + CASE WHEN due_at > ${soon}::timestamptz THEN ${-TASK_LEAD_MS}::float8 ELSE ${OVERDUE_MS}::float8 END
          * interval '1 millisecond', ${now}::timestamptz FROM entry
      ON CONFLICT (kind, subject, cycle, attempt) DO UPDATE
        SET due_at = excluded.due_at, check_at = excluded.check_at, generation = outbox.generation + 1
        WHERE outbox.due_at <> excluded.due_at
      RETURNING *)`,
  ];
}
