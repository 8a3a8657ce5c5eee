import { sql } from 'kysely';
import type { Tx } from '../create-db.ts';
import type { AgentRow } from '../tables/index.ts';
import { deleteDue } from './delete-due.ts';
import { lockFeeds, noteDeletedFromFeeds } from './event-feed.ts';

/** Forgets nonces that no longer guard anything. Returns how many. */
export function deleteExpiredNonces(trx: Tx, now: Date, limit: number): Promise<number> {
  return deleteDue(trx, 'nonces', { where: sql`expires_at <= ${now}`, orderBy: 'expires_at', limit });
}

export function deleteExpiredIdempotencyKeys(trx: Tx, now: Date, limit: number): Promise<number> {
  return deleteDue(trx, 'idempotency_keys', {
    where: sql`expires_at <= ${now}`,
    orderBy: 'expires_at',
    limit,
  });
}

/**
 * Forgets deliveries made before `before`, with their attempts, except those still under way; and what they left of
 * events that belong to no job's timeline. The agents' feeds note what they have lost.
 */
export async function deleteOldDeliveries(trx: Tx, before: Date, limit: number): Promise<number> {
  const { rows: old } = await sql<{ delivery_id: string; agent_id: string }>`
    SELECT delivery_id, agent_id FROM webhook_deliveries delivery WHERE created_at < ${before}
      AND NOT EXISTS (SELECT FROM outbox WHERE kind = 'webhook' AND subject = delivery.delivery_id::text)
    ORDER BY created_at LIMIT ${limit}`.execute(trx);
  if (old.length === 0) return 0;
  await lockFeeds(
    trx,
    old.map((row) => row.agent_id),
  );
  const { rows: deleted } = await sql<{ event_id: string; agent_id: string; feed_seq: bigint | null }>`
    DELETE FROM webhook_deliveries WHERE delivery_id = ANY(ARRAY(
      SELECT delivery_id FROM webhook_deliveries delivery WHERE delivery_id = ANY(${old.map((row) => row.delivery_id)}::uuid[])
        AND NOT EXISTS (SELECT FROM outbox WHERE kind = 'webhook' AND subject = delivery.delivery_id::text)
      FOR UPDATE SKIP LOCKED))
    RETURNING event_id, agent_id, feed_seq`.execute(trx);
  await noteDeletedFromFeeds(trx, deleted);
  await sql`
    DELETE FROM events WHERE event_id = ANY(${deleted.map((row) => row.event_id)}::uuid[]) AND job_id IS NULL
      AND NOT EXISTS (SELECT FROM webhook_deliveries delivery WHERE delivery.event_id = events.event_id)`.execute(
    trx,
  );
  return deleted.length;
}

/** Drops the secrets that a rotation replaced, once they no longer sign. */
export async function dropExpiredSecrets(trx: Tx, now: Date, limit: number): Promise<number> {
  const result = await sql`
    UPDATE agents SET previous_webhook_secret = NULL, previous_secret_until = NULL WHERE agent_id = ANY(ARRAY(
      SELECT agent_id FROM agents WHERE previous_secret_until <= ${now} ORDER BY previous_secret_until LIMIT ${limit}
      FOR NO KEY UPDATE SKIP LOCKED))`.execute(trx);
  return Number(result.numAffectedRows ?? 0n);
}

/** Puts replaced keys into force for good, once their time has come. */
export async function applyPendingKeys(
  trx: Tx,
  now: Date,
  limit: number,
): Promise<{ agent_id: string; key: string; previous: string }[]> {
  const { rows } = await sql<{ agent_id: string; key: string; previous: string }>`
    UPDATE agents SET public_key = due.pending_public_key, pending_public_key = NULL, pending_key_at = NULL, updated_at = ${now}
    FROM (
      SELECT due.agent_id, due.public_key, due.pending_public_key FROM agents AS due WHERE due.pending_key_at <= ${now}
        AND NOT EXISTS (SELECT FROM agents AS holder WHERE holder.public_key = due.pending_public_key
          AND holder.displaced_at IS NULL)
      ORDER BY due.pending_key_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS due
    WHERE agents.agent_id = due.agent_id RETURNING agents.agent_id, due.pending_public_key AS key, due.public_key AS previous`.execute(
    trx,
  );
  return rows;
}

/** Keeps a fact about the deployment under its name. */
export async function putDeploymentFact(trx: Tx, name: string, value: unknown, now: Date): Promise<void> {
  await trx
    .insertInto('deployment_facts')
    .values({ name, value: JSON.stringify(value), updated_at: now })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({
        value: eb.ref('excluded.value'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .execute();
}

export type SealedSecrets = Pick<AgentRow, 'agent_id' | 'webhook_secret' | 'previous_webhook_secret'>;

/** Agents with a secret sealed under another key than this one, locked, in the order of their ids. */
export function lockAgentsSealedOtherwise(
  trx: Tx,
  sealPrefix: string,
  after: string | null,
  limit: number,
): Promise<SealedSecrets[]> {
  return trx
    .selectFrom('agents')
    .select(['agent_id', 'webhook_secret', 'previous_webhook_secret'])
    .$if(after !== null, (query) => query.where('agent_id', '>', after ?? ''))
    .where((eb) =>
      eb.or([
        sql<boolean>`NOT starts_with(webhook_secret, ${sealPrefix})`,
        sql<boolean>`NOT starts_with(coalesce(previous_webhook_secret, ${sealPrefix}), ${sealPrefix})`,
      ]),
    )
    .orderBy('agent_id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
}

export async function updateSealedSecrets(trx: Tx, secrets: SealedSecrets): Promise<void> {
  const { agent_id, ...change } = secrets;
  await trx.updateTable('agents').set(change).where('agent_id', '=', agent_id).execute();
}
