import { type AgentRow, askForCard, updateAgentRow } from '@agent-registry/db';
import { loadAgent } from '../agents/load-agent.ts';
import { notFound, type Op } from '../op.ts';
import { schedule } from '../outbox.ts';

/** A card is fetched at most so often, however often it is asked for. */
export const CARD_INTERVAL_MS = 60_000;

/** What the row of an agent says of a card at this address that nobody has looked at yet; null for none. */
export function unseenCard(url: string | null) {
  return {
    agent_card_url: url,
    card_status: url === null ? null : 'pending',
    card_checked_at: null,
    card_key: null,
  } as const;
}

/**
 * Has an agent's card fetched, now or a minute after it was last.
 *
 * @param isOther whether nothing that is known of the card holds any more.
 */
export async function requestCard(op: Op, agentId: string, isOther: boolean): Promise<void> {
  const { look, looked_at: lookedAt } = await askForCard(op.trx, agentId, isOther);
  const earliest = lookedAt === null ? 0 : lookedAt.getTime() + CARD_INTERVAL_MS;
  scheduleLook(op, { agentId, look, attempt: 1 }, new Date(Math.max(op.now.getTime(), earliest)));
}

/** One of the tries to look at a card: `look` counts how often it was asked for. */
export interface CardLook {
  readonly agentId: string;
  readonly look: number;
  readonly attempt: number;
}

export function outboxName({ agentId, look, attempt }: CardLook) {
  return { kind: 'agent_card', subject: agentId, cycle: look, attempt } as const;
}

export function scheduleLook(op: Op, look: CardLook, dueAt: Date): void {
  schedule(op, { ...outboxName(look), job_id: null, due_at: dueAt });
}

/** An agent asks that its card is looked at again. @throws RegistryError not_found where it has none. */
export async function recheckCard(op: Op, input: { agentId: string }): Promise<AgentRow> {
  const agent = await loadAgent(op, input.agentId);
  if (agent.agent_card_url === null) throw notFound('card: set agent_card_url first');
  await requestCard(op, agent.agent_id, false);
  return updateAgentRow(op.trx, agent.agent_id, { updated_at: op.now });
}
