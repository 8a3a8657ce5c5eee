import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { AgentCardChange, AgentCardRow } from '../tables/index.ts';

export function findAgentCard(db: Db, agentId: string): Promise<AgentCardRow | undefined> {
  return db.selectFrom('agent_cards').selectAll().where('agent_id', '=', agentId).executeTakeFirst();
}

/** What is known of an agent's card, locked until the transaction ends. */
export function lockAgentCard(trx: Tx, agentId: string): Promise<AgentCardRow | undefined> {
  return trx
    .selectFrom('agent_cards')
    .selectAll()
    .where('agent_id', '=', agentId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/**
 * Counts that a card is asked for.
 *
 * @param isOther whether it is another card than before, of which nothing is known.
 */
export async function askForCard(
  trx: Tx,
  agentId: string,
  isOther: boolean,
): Promise<Pick<AgentCardRow, 'look' | 'looked_at'>> {
  const { rows } = await sql<Pick<AgentCardRow, 'look' | 'looked_at'>>`
    INSERT INTO agent_cards AS card (agent_id, look) VALUES (${agentId}, 1)
    ON CONFLICT (agent_id) DO UPDATE SET look = card.look + 1,
      protocol_version = CASE WHEN ${isOther}::boolean THEN NULL ELSE card.protocol_version END,
      flaws = CASE WHEN ${isOther}::boolean THEN '[]' ELSE card.flaws END,
      suggestions = CASE WHEN ${isOther}::boolean THEN NULL ELSE card.suggestions END
    RETURNING look, looked_at`.execute(trx);
  return rows[0]!;
}

export async function updateAgentCard(trx: Tx, agentId: string, change: AgentCardChange): Promise<void> {
  await trx.updateTable('agent_cards').set(change).where('agent_id', '=', agentId).execute();
}
