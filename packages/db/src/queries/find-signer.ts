import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type { AgentRow } from '../tables/index.ts';

/**
 * The agent that a request says it comes from, and which of the request's nonces the table has seen: one round trip.
 * None for an agent that had to give its key up.
 */
export async function findSigner(
  db: Db,
  agentId: string,
  nonces: readonly string[],
  now: Date,
): Promise<{ agent: AgentRow; spent: readonly string[] } | undefined> {
  const row = await db
    .selectFrom('agents')
    .selectAll()
    .select(
      sql<string[]>`ARRAY(SELECT nonces.nonce FROM nonces WHERE nonces.agent_id = ${agentId}::uuid
        AND ${isOneOf(nonces)} AND nonces.expires_at > ${now})`.as('spent_nonces'),
    )
    .where('agent_id', '=', agentId)
    .where('displaced_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { spent_nonces: spent, ...agent } = row;
  return { agent, spent };
}

/** Listed one by one, for they are one or two: of an array Postgres guesses ten elements, and would plan anew for each request. */
function isOneOf(nonces: readonly string[]): RawBuilder<boolean> {
  return nonces.length === 0 ? sql`false` : sql`nonces.nonce IN (${sql.join(nonces)})`;
}
