import type { AgentClient, FeedEvent } from '@agent-registry/client';

type Feed = Pick<AgentClient, 'listAgentEvents'>;
const PAGE_ITEMS = 100;

/** The agent's events after the cursor, oldest first; `follow` waits for those to come, and has no end. */
export async function* followEvents(
  client: Feed,
  { after, follow }: { after: string | undefined; follow: boolean },
): AsyncGenerator<FeedEvent, void> {
  let next = after;
  for (;;) {
    const page = await client.listAgentEvents(
      { limit: PAGE_ITEMS, ...(next === undefined ? {} : { after: next }) },
      follow ? { waitSeconds: 25 } : {},
    );
    yield* page.items;
    next = page.next;
    if (!follow && page.items.length < PAGE_ITEMS) return;
  }
}

/** The cursor after all that has happened. */
export async function endOfFeed(client: Feed): Promise<string> {
  let page = await client.listAgentEvents({ limit: PAGE_ITEMS });
  while (page.items.length === PAGE_ITEMS)
    page = await client.listAgentEvents({ limit: PAGE_ITEMS, after: page.next });
  return page.next;
}
