import type { JobStatus } from '@agent-registry/schemas';
import { type RawBuilder, sql } from 'kysely';
import { compileOnce } from '../compile-once.ts';
import type { Db, Tx } from '../create-db.ts';
import type { AgentColumns, AgentRow, NewAgent } from '../tables/index.ts';

/** An agent by id, whatever its status. */
export async function findAgent(db: Db, agentId: string): Promise<AgentRow | undefined> {
  const [agent] = await selectAgent(db, agentId);
  return agent;
}

const selectAgent = compileOnce((db, agentId: string) =>
  db.selectFrom('agents').selectAll().where('agent_id', '=', agentId),
);

export function insertAgent(trx: Tx, agent: NewAgent): Promise<AgentRow> {
  return trx.insertInto('agents').values(agent).returningAll().executeTakeFirstOrThrow();
}

export function updateAgentRow(trx: Tx, agentId: string, columns: AgentColumns): Promise<AgentRow> {
  return trx
    .updateTable('agents')
    .set(columns)
    .where('agent_id', '=', agentId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** An agent, locked against change until the transaction ends. */
export function lockAgent(trx: Tx, agentId: string): Promise<AgentRow | undefined> {
  return trx
    .selectFrom('agents')
    .selectAll()
    .where('agent_id', '=', agentId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/**
 * An agent whose key is about to change, locked against all that refers to it as well: the key is unique, so its change
 * takes that lock in the end, and to take a weaker one before would let two wait for each other.
 */
export function lockAgentAndKey(trx: Tx, agentId: string): Promise<AgentRow | undefined> {
  return trx.selectFrom('agents').selectAll().where('agent_id', '=', agentId).forUpdate().executeTakeFirst();
}

/** Locks a public key until the transaction ends, whether or not an agent has it. */
export async function lockPublicKey(trx: Tx, publicKey: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${publicKey}, 0))`.execute(trx);
}

type AgentStatuses = ReadonlyMap<string, AgentRow['status']>;

/** Agents locked in the order of their ids, so that two transactions never wait for each other; shared, as for a job's parties. */
export function lockAgentsForShare(trx: Tx, agentIds: readonly string[]): Promise<AgentStatuses> {
  // One by one, for they are two: of an array Postgres guesses ten elements, and would plan anew for each.
  return lockForShare(trx, sql`ARRAY[${sql.join(agentIds)}]::uuid[]`);
}

/** The same for a job's parties, while the job is in one of these states and the agent is one of them; none otherwise. */
export function lockPartiesForShare(
  trx: Tx,
  { jobId, agentId }: { jobId: string; agentId: string },
  statuses: readonly JobStatus[],
): Promise<AgentStatuses> {
  return lockForShare(
    trx,
    sql`ARRAY(SELECT unnest(ARRAY[client_agent_id, seller_agent_id]) FROM jobs WHERE job_id = ${jobId}
      AND status = ANY(${[...statuses]}::text[]) AND ${agentId}::uuid IN (client_agent_id, seller_agent_id))`,
  );
}

async function lockForShare(trx: Tx, agentIds: RawBuilder<unknown>): Promise<AgentStatuses> {
  const { rows } = await sql<Pick<AgentRow, 'agent_id' | 'status'>>`
    SELECT agent_id, status FROM agents WHERE agent_id = ANY(${agentIds}) ORDER BY agent_id FOR SHARE`.execute(
    trx,
  );
  return new Map(rows.map(({ agent_id, status }) => [agent_id, status]));
}

/** The key that signs for an agent at this time: a replacement counts from the moment it takes effect. */
export function keyInForce(agent: AgentRow, now: Date): string {
  return agent.pending_public_key !== null && agent.pending_key_at !== null && agent.pending_key_at <= now
    ? agent.pending_public_key
    : agent.public_key;
}

/** Notes that an agent signed with its key for the first time. False where that is known, or the key is another by now. */
export async function proveAgentKey(
  trx: Tx,
  { agentId, publicKey, now }: { agentId: string; publicKey: string; now: Date },
): Promise<boolean> {
  const proven = await trx
    .updateTable('agents')
    .set({ last_seen: now, proven_at: now })
    .where('agent_id', '=', agentId)
    .where('public_key', '=', publicKey)
    .where('displaced_at', 'is', null)
    .where('proven_at', 'is', null)
    .executeTakeFirst();
  return proven.numUpdatedRows > 0n;
}

/** Notes when an agent was last seen, at most once a minute. */
export async function updateLastSeen(db: Db, agentId: string, now: Date): Promise<void> {
  await db
    .updateTable('agents')
    .set({ last_seen: now })
    .where('agent_id', '=', agentId)
    .where((eb) =>
      eb.or([eb('last_seen', 'is', null), eb('last_seen', '<=', new Date(now.getTime() - 60_000))]),
    )
    .execute();
}

/** Who has a key, or is about to have it as a replacement, other than `exceptAgentId`. */
export function findKeyHolder(
  trx: Tx,
  publicKey: string,
  exceptAgentId: string | null,
): Promise<AgentRow | undefined> {
  return trx
    .selectFrom('agents')
    .selectAll()
    .where('displaced_at', 'is', null)
    .where((eb) => eb.or([eb('public_key', '=', publicKey), eb('pending_public_key', '=', publicKey)]))
    .$if(exceptAgentId !== null, (query) => query.where('agent_id', '<>', exceptAgentId ?? ''))
    .executeTakeFirst();
}
