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
