import type { DeliveryStatus, EventType } from '@agent-registry/schemas';
import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { AgentRow, AttemptRow, DeliveryRow } from '../tables/index.ts';

/** A delivery with what decides whether, and how, its next attempt is made. */
export type DeliveryTarget = DeliveryRow &
  Pick<AgentRow, 'endpoint_url' | 'endpoint_disabled_at' | 'endpoint_failures'> & {
    agent_status: AgentRow['status'];
  };

export interface AttemptName {
  readonly deliveryId: string;
  readonly cycle: number;
  readonly attempt: number;
}

export function findDelivery(db: Db, deliveryId: string): Promise<DeliveryRow | undefined> {
  return db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('delivery_id', '=', deliveryId)
    .executeTakeFirst();
}

export function lockDelivery(trx: Tx, deliveryId: string): Promise<DeliveryRow | undefined> {
  return trx
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('delivery_id', '=', deliveryId)
    .forUpdate()
    .executeTakeFirst();
}

function selectTarget(db: Db, deliveryId: string) {
  return db
    .selectFrom('webhook_deliveries as delivery')
    .innerJoin('agents as agent', 'agent.agent_id', 'delivery.agent_id')
    .selectAll('delivery')
    .select([
      'agent.endpoint_url',
      'agent.endpoint_disabled_at',
      'agent.endpoint_failures',
      'agent.status as agent_status',
    ])
    .where('delivery.delivery_id', '=', deliveryId);
}

export function findDeliveryTarget(db: Db, deliveryId: string): Promise<DeliveryTarget | undefined> {
  return selectTarget(db, deliveryId).executeTakeFirst();
}

/** The same, with the delivery locked; the agent is not. */
export function lockDeliveryTarget(trx: Tx, deliveryId: string): Promise<DeliveryTarget | undefined> {
  return selectTarget(trx, deliveryId).forNoKeyUpdate('delivery').executeTakeFirst();
}

export function findAttempt(db: Db, name: AttemptName): Promise<AttemptRow | undefined> {
  return db
    .selectFrom('webhook_attempts')
    .selectAll()
    .where('delivery_id', '=', name.deliveryId)
    .where('cycle', '=', name.cycle)
    .where('attempt', '=', name.attempt)
    .executeTakeFirst();
}

/**
 * Takes an attempt under a lease, also from a holder whose lease ran out without an outcome. Undefined when another
 * holds it or it has its outcome.
 */
export function takeAttempt(
  trx: Tx,
  name: AttemptName,
  lease: { token: string; until: Date; now: Date },
): Promise<AttemptRow | undefined> {
  return trx
    .insertInto('webhook_attempts')
    .values({
      delivery_id: name.deliveryId,
      cycle: name.cycle,
      attempt: name.attempt,
      lease_token: lease.token,
      lease_until: lease.until,
      started_at: lease.now,
      finished_at: null,
      duration_ms: null,
      phase: null,
      status: null,
      error: null,
      response: null,
      next_attempt_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['delivery_id', 'cycle', 'attempt'])
        .doUpdateSet((eb) => ({
          lease_token: eb.ref('excluded.lease_token'),
          lease_until: eb.ref('excluded.lease_until'),
          started_at: eb.ref('excluded.started_at'),
        }))
        .where('webhook_attempts.finished_at', 'is', null)
        .where((eb) => eb('webhook_attempts.lease_until', '<=', eb.ref('excluded.started_at'))),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Changes an attempt that is under way and held with this token; undefined when it is not. */
export function updateHeldAttempt(
  trx: Tx,
  name: AttemptName,
  token: string,
  change: Partial<Omit<AttemptRow, 'delivery_id' | 'cycle' | 'attempt'>>,
): Promise<AttemptRow | undefined> {
  return trx
    .updateTable('webhook_attempts')
    .set(change)
    .where('delivery_id', '=', name.deliveryId)
    .where('cycle', '=', name.cycle)
    .where('attempt', '=', name.attempt)
    .where('lease_token', '=', token)
    .where('finished_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** Counts one more attempt on a delivery, with what it changed. */
export async function updateDelivery(
  trx: Tx,
  deliveryId: string,
  change: Partial<Pick<DeliveryRow, 'status' | 'exhausted' | 'last_error' | 'finished_at'>>,
): Promise<void> {
  await trx
    .updateTable('webhook_deliveries')
    .set((eb) => ({ ...change, attempts: eb('attempts', '+', 1) }))
    .where('delivery_id', '=', deliveryId)
    .execute();
}

/** Notes on an attempt when the one after it is due. */
export async function updateNextAttemptAt(trx: Tx, name: AttemptName, nextAttemptAt: Date): Promise<void> {
  await trx
    .updateTable('webhook_attempts')
    .set({ next_attempt_at: nextAttemptAt })
    .where('delivery_id', '=', name.deliveryId)
    .where('cycle', '=', name.cycle)
    .where('attempt', '=', name.attempt)
    .execute();
}

/** The columns of an endpoint's health. */
export type EndpointHealth = Pick<
  AgentRow,
  'endpoint_disabled_at' | 'endpoint_disabled_reason' | 'endpoint_failing_since' | 'endpoint_failures'
>;

/** The health of an agent's endpoint, locked; undefined when the agent has another endpoint by now. */
export function lockEndpoint(trx: Tx, agentId: string, url: string): Promise<EndpointHealth | undefined> {
  return trx
    .selectFrom('agents')
    .select([
      'endpoint_disabled_at',
      'endpoint_disabled_reason',
      'endpoint_failing_since',
      'endpoint_failures',
    ])
    .where('agent_id', '=', agentId)
    .where('endpoint_url', '=', url)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export async function updateEndpoint(trx: Tx, agentId: string, change: EndpointHealth): Promise<void> {
  await trx.updateTable('agents').set(change).where('agent_id', '=', agentId).execute();
}

export interface DeliveryRange {
  readonly agentId: string;
  readonly since: Date;
  readonly until: Date;
  readonly events: readonly EventType[] | null;
  /** The last delivery of the batch before. */
  readonly after: { readonly createdAt: Date; readonly deliveryId: string } | null;
}

function inRange(db: Db, range: DeliveryRange) {
  return db
    .selectFrom('webhook_deliveries')
    .where('agent_id', '=', range.agentId)
    .where('created_at', '>=', range.since)
    .where('created_at', '<=', range.until)
    .$if(range.events !== null, (query) => query.where('event_type', 'in', [...(range.events ?? [])]))
    .$if(range.after !== null, (query) =>
      query.where(
        sql<boolean>`(created_at, delivery_id) > (${range.after?.createdAt}, ${range.after?.deliveryId}::uuid)`,
      ),
    );
}

/** The deliveries of a range, oldest first, locked. */
export function lockDeliveriesInRange(trx: Tx, range: DeliveryRange, limit: number): Promise<DeliveryRow[]> {
  return inRange(trx, range)
    .selectAll()
    .orderBy('created_at')
    .orderBy('delivery_id')
    .limit(limit)
    .forUpdate()
    .execute();
}

/** How many deliveries a range holds, counted no further than `limit`. */
export async function countDeliveriesInRange(db: Db, range: DeliveryRange, limit: number): Promise<number> {
  const { count } = await db
    .selectFrom(inRange(db, range).select('delivery_id').limit(limit).as('found'))
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Opens a new cycle for each of these deliveries, with a first attempt due now. Returns the outbox entries' ids. */
export async function reopenDeliveries(
  trx: Tx,
  entries: readonly { readonly deliveryId: string; readonly outboxId: string }[],
  now: Date,
  checkAt: Date,
): Promise<string[]> {
  if (entries.length === 0) return [];
  const deliveryIds = entries.map(({ deliveryId }) => deliveryId);
  await trx.deleteFrom('outbox').where('kind', '=', 'webhook').where('subject', 'in', deliveryIds).execute();
  const { rows } = await sql<{ outbox_id: string }>`
    WITH reopened AS (
      UPDATE webhook_deliveries SET cycle = cycle + 1, status = 'pending', exhausted = false, finished_at = NULL
      WHERE delivery_id = ANY(${deliveryIds}::uuid[]) RETURNING delivery_id, event_id, cycle)
    INSERT INTO outbox (outbox_id, kind, subject, cycle, attempt, job_id, due_at, check_at, created_at)
    SELECT entry.outbox_id, 'webhook', reopened.delivery_id::text, reopened.cycle, 1, event.job_id, ${now}, ${checkAt}, ${now}
    FROM reopened JOIN events event USING (event_id)
    JOIN unnest(${deliveryIds}::uuid[], ${entries.map(({ outboxId }) => outboxId)}::uuid[]) AS entry (delivery_id, outbox_id)
      USING (delivery_id)
    RETURNING outbox_id`.execute(trx);
  return rows.map((row) => row.outbox_id);
}

/** Those of these deliveries that an outbox entry brings on its way, with the attempt that is next. */
export function listDeliveriesUnderWay(
  trx: Tx,
  deliveryIds: readonly string[],
): Promise<{ subject: string; attempt: number }[]> {
  if (deliveryIds.length === 0) return Promise.resolve([]);
  return trx
    .selectFrom('outbox')
    .select(['subject', 'attempt'])
    .where('kind', '=', 'webhook')
    .where('subject', 'in', [...deliveryIds])
    .execute();
}

/**
 * Moves an outbox entry to a later time under a new generation, so that the alarm set for the old time is
 * another task. Undefined when the entry is gone.
 */
export function postponeOutbox(
  trx: Tx,
  name: AttemptName,
  delayMs: (generation: number) => number,
  times: { now: Date; overdueMs: number },
): Promise<{ outbox_id: string; due_at: Date } | undefined> {
  return trx
    .selectFrom('outbox')
    .select(['outbox_id', 'generation'])
    .where('kind', '=', 'webhook')
    .where('subject', '=', name.deliveryId)
    .where('cycle', '=', name.cycle)
    .where('attempt', '=', name.attempt)
    .forUpdate()
    .executeTakeFirst()
    .then((row) => {
      if (row === undefined) return undefined;
      const dueAt = new Date(times.now.getTime() + delayMs(row.generation));
      return trx
        .updateTable('outbox')
        .set({
          due_at: dueAt,
          check_at: new Date(dueAt.getTime() + times.overdueMs),
          generation: row.generation + 1,
        })
        .where('outbox_id', '=', row.outbox_id)
        .returning(['outbox_id', 'due_at'])
        .executeTakeFirst();
    });
}

/** Of these outbox entries, takes off the webhooks that nobody can be sent any more. The deliveries are kept. */
export async function deleteUnreachableWebhooks(trx: Tx, outboxIds: readonly string[]): Promise<string[]> {
  if (outboxIds.length === 0) return [];
  const { rows } = await sql<{ outbox_id: string }>`
    DELETE FROM outbox WHERE outbox_id = ANY(${[...outboxIds]}::uuid[]) AND kind = 'webhook' AND NOT EXISTS (
      SELECT FROM webhook_deliveries delivery JOIN agents agent USING (agent_id)
      WHERE delivery.delivery_id = CASE WHEN outbox.kind = 'webhook' THEN outbox.subject::uuid END
        AND delivery.status = 'pending' AND delivery.cycle = outbox.cycle
        AND agent.endpoint_url IS NOT NULL AND agent.status <> 'deactivated'
        AND (agent.endpoint_disabled_at IS NULL OR delivery.event_type = 'ping'))
    RETURNING outbox_id`.execute(trx);
  return rows.map((row) => row.outbox_id);
}

/** A delivery with the body that is sent. */
export type DeliveryWithBody = DeliveryRow & { body: string };

export interface DeliveryPage {
  readonly limit: number;
  readonly offset: number;
  /** The last delivery of the page before. */
  readonly after: { readonly createdAt: Date; readonly deliveryId: string } | null;
}

function newestFirst(db: Db, page: DeliveryPage) {
  return db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .$if(page.after !== null, (query) =>
      query.where(
        sql<boolean>`(created_at, delivery_id) < (${page.after?.createdAt}, ${page.after?.deliveryId}::uuid)`,
      ),
    )
    .orderBy('created_at', 'desc')
    .orderBy('delivery_id', 'desc')
    .limit(page.limit)
    .offset(page.after === null ? page.offset : 0);
}

/** With the bodies, which are read for the page alone and not for what an offset skips. */
function withBodies(db: Db, page: ReturnType<typeof newestFirst>): Promise<DeliveryWithBody[]> {
  return db
    .selectFrom(page.as('delivery'))
    .innerJoin('events as event', 'event.event_id', 'delivery.event_id')
    .selectAll('delivery')
    .select('event.body')
    .orderBy('delivery.created_at', 'desc')
    .orderBy('delivery.delivery_id', 'desc')
    .execute();
}

export async function findDeliveryWithBody(
  db: Db,
  deliveryId: string,
): Promise<DeliveryWithBody | undefined> {
  const page = newestFirst(db, { limit: 1, offset: 0, after: null });
  const [found] = await withBodies(db, page.where('delivery_id', '=', deliveryId));
  return found;
}

/** An agent's deliveries, newest first. */
export function listDeliveries(
  db: Db,
  agentId: string,
  status: DeliveryStatus | null,
  page: DeliveryPage,
): Promise<DeliveryWithBody[]> {
  return withBodies(
    db,
    newestFirst(db, page)
      .where('agent_id', '=', agentId)
      .$if(status !== null, (query) => query.where('status', '=', status ?? 'pending')),
  );
}

/** Deliveries that failed, of one agent or of all, newest first. */
export function listFailedDeliveries(
  db: Db,
  agentId: string | null,
  page: DeliveryPage,
): Promise<DeliveryWithBody[]> {
  return withBodies(
    db,
    newestFirst(db, page)
      .where('status', '=', 'failed')
      .$if(agentId !== null, (query) => query.where('agent_id', '=', agentId ?? '')),
  );
}

/** How many deliveries failed, counted no further than `limit`. */
export async function countFailedDeliveries(db: Db, agentId: string | null, limit: number): Promise<number> {
  const { count } = await db
    .selectFrom(
      db
        .selectFrom('webhook_deliveries')
        .select('delivery_id')
        .where('status', '=', 'failed')
        .$if(agentId !== null, (query) => query.where('agent_id', '=', agentId ?? ''))
        .limit(limit)
        .as('found'),
    )
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Attempts a delivery's log shows at most; older ones are kept and not shown. */
export const ATTEMPT_LOG_MAX = 50;

/** The latest attempts of each of these deliveries, in the order they were made. */
export async function listAttempts(db: Db, deliveryIds: readonly string[]): Promise<AttemptRow[]> {
  if (deliveryIds.length === 0) return [];
  const { rows } = await sql<AttemptRow>`
    SELECT attempt.* FROM unnest(${[...deliveryIds]}::uuid[]) AS wanted (delivery_id)
    CROSS JOIN LATERAL (
      SELECT * FROM webhook_attempts WHERE webhook_attempts.delivery_id = wanted.delivery_id
      ORDER BY cycle DESC, attempt DESC LIMIT ${ATTEMPT_LOG_MAX}) AS attempt
    ORDER BY attempt.delivery_id, attempt.cycle, attempt.attempt`.execute(db);
  return rows;
}
