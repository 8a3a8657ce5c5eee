import { sql } from 'kysely';
import { compileByMembers, compileOnce } from '../compile-once.ts';
import type { Db, Tx } from '../create-db.ts';
import type { AgentRow, AttemptRow, DeliveryRow, JobRow } from '../tables/index.ts';
import { isReachable } from './reachable.ts';

/** A delivery with what decides whether, and how, its next attempt is made. */
export type DeliveryTarget = DeliveryRow &
  Pick<
    AgentRow,
    | 'endpoint_url'
    | 'endpoint_verified_url'
    | 'endpoint_answered_at'
    | 'endpoint_disabled_at'
    | 'endpoint_failures'
  > & {
    /** Whether the agent may be sent this delivery now. */
    isReachable: boolean;
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
    .forNoKeyUpdate()
    .executeTakeFirst();
}

const targetQuery = (db: Db, deliveryId: string) =>
  db
    .selectFrom('webhook_deliveries as delivery')
    .innerJoin('agents as agent', 'agent.agent_id', 'delivery.agent_id')
    .selectAll('delivery')
    .select([
      'agent.endpoint_url',
      'agent.endpoint_verified_url',
      'agent.endpoint_answered_at',
      'agent.endpoint_disabled_at',
      'agent.endpoint_failures',
      isReachable('agent', 'delivery.event_type').as('isReachable'),
    ])
    .where('delivery.delivery_id', '=', deliveryId);

const selectTarget = compileOnce(targetQuery);
const selectTargetLocked = compileOnce((db, deliveryId: string) =>
  targetQuery(db, deliveryId).forNoKeyUpdate('delivery'),
);

export async function findDeliveryTarget(db: Db, deliveryId: string): Promise<DeliveryTarget | undefined> {
  const [target] = await selectTarget(db, deliveryId);
  return target;
}

/** The same, with the delivery locked; the agent is not. */
export async function lockDeliveryTarget(trx: Tx, deliveryId: string): Promise<DeliveryTarget | undefined> {
  const [target] = await selectTargetLocked(trx, deliveryId);
  return target;
}

/** The job that an event is of; undefined for a ping. */
export function findJobOfEvent(db: Db, eventId: string): Promise<Pick<JobRow, 'agreed_at'> | undefined> {
  return db
    .selectFrom('events')
    .innerJoin('jobs', 'jobs.job_id', 'events.job_id')
    .select('jobs.agreed_at')
    .where('events.event_id', '=', eventId)
    .executeTakeFirst();
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
 * Takes an attempt under a lease, also from a worker whose lease ran out without an outcome, while the delivery waits in this cycle
 * and its agent can be reached; with `verifiedUrl` only if that is the endpoint of the agent that has answered. False when any of that is not so, another
 * worker has the lease, or the attempt has its outcome.
 */
export async function takeAttempt(
  db: Db,
  { deliveryId, cycle, attempt }: AttemptName,
  lease: { token: string; until: Date; now: Date },
  verifiedUrl: string | null,
): Promise<boolean> {
  const { token, until, now } = lease;
  const taken = await insertTaken(db, deliveryId, cycle, attempt, token, until, now, verifiedUrl);
  return taken.length > 0;
}

const insertTaken = compileOnce(
  (
    _db,
    deliveryId: string,
    cycle: number,
    attempt: number,
    token: string,
    until: Date,
    now: Date,
    verifiedUrl: string | null,
  ) => sql<Pick<AttemptRow, 'attempt'>>`
    INSERT INTO webhook_attempts AS held (delivery_id, cycle, attempt, lease_token, lease_until, started_at)
    SELECT delivery.delivery_id, delivery.cycle, ${attempt}::integer, ${token}::uuid, ${until}::timestamptz, ${now}::timestamptz
    FROM webhook_deliveries delivery JOIN agents agent USING (agent_id)
    WHERE delivery.delivery_id = ${deliveryId} AND delivery.cycle = ${cycle} AND delivery.status = 'pending'
      AND ${isReachable('agent', 'delivery.event_type')}
      AND coalesce(agent.endpoint_verified_url = ${verifiedUrl}::text, ${verifiedUrl}::text IS NULL)
    ON CONFLICT (delivery_id, cycle, attempt) DO UPDATE
      SET lease_token = excluded.lease_token, lease_until = excluded.lease_until, started_at = excluded.started_at
      WHERE held.finished_at IS NULL AND held.lease_until <= excluded.started_at
    RETURNING attempt`,
);

/** Changes an attempt that is leased under this token; undefined when it is not. */
export async function updateLeasedAttempt(
  trx: Tx,
  name: AttemptName,
  token: string,
  change: AttemptChange,
): Promise<AttemptRow | undefined> {
  const { deliveryId, cycle, attempt } = name;
  const [updated] = await updateLeased(trx, change, deliveryId, cycle, attempt, token);
  return updated;
}

type AttemptChange = Partial<Omit<AttemptRow, 'delivery_id' | 'cycle' | 'attempt'>>;

const updateLeased = compileByMembers(
  (db, change: AttemptChange, deliveryId: string, cycle: number, attempt: number, token: string) =>
    db
      .updateTable('webhook_attempts')
      .set(change)
      .where('delivery_id', '=', deliveryId)
      .where('cycle', '=', cycle)
      .where('attempt', '=', attempt)
      .where('lease_token', '=', token)
      .where('finished_at', 'is', null)
      .returningAll(),
);

/** What a success of a leased attempt is recorded from. */
export interface DeliveredAttempt extends AttemptName {
  readonly token: string;
  readonly targetUrl: string;
  readonly durationMs: number;
  readonly status: number;
  readonly response: string;
}

/**
 * Finishes a leased attempt that succeeded, and with it its delivery and its outbox entry, while the delivery waits in this cycle and its agent's endpoint
 * is the one that answered, healthy, and was noted to have answered at `notedSince` or later. False, with nothing changed, when any of that is not so.
 */
export async function finishDelivered(
  db: Db,
  attempt: DeliveredAttempt,
  times: { now: Date; notedSince: Date },
): Promise<boolean> {
  const { deliveryId, cycle, token, targetUrl, durationMs, status, response } = attempt;
  const answer = [targetUrl, durationMs, status, response, times.now, times.notedSince] as const;
  return (await updateDelivered(db, deliveryId, cycle, attempt.attempt, token, ...answer)).length > 0;
}

// The delivery is locked first, as in lockDeliveryTarget: what is true of it then is true when the rest is written.
const updateDelivered = compileOnce(
  (
    _db,
    deliveryId: string,
    cycle: number,
    attempt: number,
    token: string,
    targetUrl: string,
    durationMs: number,
    status: number,
    response: string,
    now: Date,
    notedSince: Date,
  ) => sql<Pick<DeliveryRow, 'delivery_id'>>`
    WITH target AS MATERIALIZED (
      SELECT delivery.delivery_id FROM webhook_deliveries delivery JOIN agents agent USING (agent_id)
      WHERE delivery.delivery_id = ${deliveryId}::uuid AND delivery.cycle = ${cycle}::integer AND delivery.status = 'pending'
        AND agent.endpoint_verified_url = ${targetUrl} AND agent.endpoint_answered_at > ${notedSince}::timestamptz
        AND agent.endpoint_failures = 0 AND agent.endpoint_disabled_at IS NULL
      FOR NO KEY UPDATE OF delivery),
    finished AS (
      UPDATE webhook_attempts SET duration_ms = ${durationMs}, status = ${status}, response = ${response}, finished_at = ${now}
      WHERE delivery_id = ${deliveryId}::uuid AND cycle = ${cycle}::integer AND attempt = ${attempt}::integer
        AND lease_token = ${token} AND finished_at IS NULL AND EXISTS (SELECT FROM target)
      RETURNING delivery_id),
    done AS (
      DELETE FROM outbox WHERE kind = 'webhook' AND subject = ${deliveryId}::uuid::text AND cycle = ${cycle}::integer
        AND attempt = ${attempt}::integer AND EXISTS (SELECT FROM finished))
    UPDATE webhook_deliveries delivery
    SET status = 'delivered', exhausted = false, last_error = NULL, finished_at = ${now}, attempts = attempts + 1
    FROM finished WHERE delivery.delivery_id = finished.delivery_id
    RETURNING delivery.delivery_id`,
);

/** Counts one more attempt on a delivery, with what it changed. */
export const updateDelivery: (trx: Tx, change: DeliveryChange, deliveryId: string) => Promise<unknown> =
  compileByMembers((db, change: DeliveryChange, deliveryId: string) =>
    db
      .updateTable('webhook_deliveries')
      .set({ ...change, attempts: sql<number>`attempts + 1` })
      .where('delivery_id', '=', deliveryId),
  );

type DeliveryChange = Partial<Pick<DeliveryRow, 'status' | 'exhausted' | 'last_error' | 'finished_at'>>;

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
