import { sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type { AgentRow } from '../tables/index.ts';

/** The agent that a request says it comes from, and whether the nonces table has seen the request's nonce: one round trip. */
export async function findSigner(
  db: Db,
  agentId: string,
  nonce: string | null,
  now: Date,
): Promise<{ agent: AgentRow; nonceSpent: boolean } | undefined> {
  const row = await db
    .selectFrom('agents')
    .selectAll()
    .select(
      sql<boolean>`EXISTS (SELECT FROM nonces WHERE nonces.agent_id = ${agentId}::uuid
        AND nonces.nonce = ${nonce} AND nonces.expires_at > ${now})`.as('nonce_spent'),
    )
    .where('agent_id', '=', agentId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { nonce_spent: nonceSpent, ...agent } = row;
  return { agent, nonceSpent };
}
