import { type AgentRow, type Db, findAgent, type ListingRow, listListingsOf } from '@agent-registry/db';

/** Listings that a card shows. */
const SHOWN_MAX = 100;

/** An active agent and what it offers, newest first; undefined where there is none. */
export async function findOffers(
  db: Db,
  agentId: string,
): Promise<{ agent: AgentRow; listings: ListingRow[] } | undefined> {
  const [agent, listings] = await Promise.all([
    findAgent(db, agentId),
    listListingsOf(db, agentId, true, { limit: SHOWN_MAX, offset: 0, after: null }),
  ]);
  return agent?.status === 'active' ? { agent, listings } : undefined;
}
