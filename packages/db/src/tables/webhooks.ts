import type { DeliveryStatus, EventType, OutboxKind } from '@agent-registry/schemas';
import type { Generated, Selectable } from 'kysely';

export interface EventsTable {
  event_id: string;
  job_id: string | null;
  type: EventType;
  body: string;
  created_at: Date;
}

export interface WebhookDeliveriesTable {
  delivery_id: string;
  event_id: string;
  agent_id: string;
  event_type: EventType;
  status: DeliveryStatus;
  exhausted: Generated<boolean>;
  cycle: Generated<number>;
  attempts: Generated<number>;
  last_error: string | null;
  created_at: Date;
  finished_at: Date | null;
  /** Its place in the agent's event feed; null until the feed is read that far. */
  feed_seq: Generated<bigint | null>;
  /** In the order in which deliveries were written; null in older rows. */
  recorded_no: Generated<bigint | null>;
}

export interface EventFeedsTable {
  agent_id: string;
  /** The highest feed_seq that was given. */
  last_seq: Generated<bigint>;
  /** The highest feed_seq whose event was deleted when it was too old. */
  deleted_seq: Generated<bigint>;
  /** Until when a request waits for an event. */
  awaited_until: Date | null;
}

export interface WebhookAttemptsTable {
  delivery_id: string;
  cycle: number;
  attempt: number;
  lease_token: string;
  lease_until: Date;
  started_at: Date;
  finished_at: Date | null;
  duration_ms: number | null;
  phase: 'dns' | 'connect' | 'tls' | 'timeout' | 'blocked' | 'response' | null;
  status: number | null;
  error: string | null;
  response: string | null;
  next_attempt_at: Date | null;
}

export interface OutboxTable {
  outbox_id: string;
  kind: OutboxKind;
  subject: string;
  cycle: number;
  attempt: number;
  generation: Generated<number>;
  job_id: string | null;
  due_at: Date;
  check_at: Date;
  created_at: Date;
}

export type EventRow = Selectable<EventsTable>;
export type DeliveryRow = Selectable<WebhookDeliveriesTable>;
export type AttemptRow = Selectable<WebhookAttemptsTable>;
export type OutboxRow = Selectable<OutboxTable>;
