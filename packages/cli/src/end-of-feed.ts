import type { AgentClient } from '@agent-registry/client';

const PAGE_ITEMS = 100;

/** The cursor after all that has happened. */
export async function endOfFeed(client: Pick<AgentClient, 'listAgentEvents'>): Promise<string> {
  let page = await client.listAgentEvents({ limit: PAGE_ITEMS });
  while (page.items.length === PAGE_ITEMS)
    page = await client.listAgentEvents({ limit: PAGE_ITEMS, after: page.next });
  return page.next;
}
