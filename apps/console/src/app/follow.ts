import type { EventFeed } from '@agent-registry/client';
import { get, Refusal } from './api.ts';
import { tellNews } from './session.ts';

const WAIT_SECONDS = 20;
const PAUSE_MS = 5_000;
const GONE = 410;
/** So much news at once, and then one piece each so often: what it has the page read counts against the agent's own limit. */
const NEWS_BURST = 5;
const NEWS_EVERY_MS = 12_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Follows an agent's events, and says that there is news whenever some come, until it is told to stop. */
export async function follow(agentId: string, signal: AbortSignal): Promise<void> {
  let after: string | null = null;
  let isCaughtUp = false;
  const told: number[] = [];
  while (!signal.aborted) {
    try {
      const options = isCaughtUp ? { waitSeconds: WAIT_SECONDS } : {};
      const query = { after, limit: 100 };
      const feed: EventFeed = await get(`/agents/${agentId}/events`, { query, signal, ...options });
      if (isCaughtUp && feed.items.length > 0) {
        tellNews();
        told.push(Date.now());
        if (told.length > NEWS_BURST) await sleep(told.shift()! + NEWS_BURST * NEWS_EVERY_MS - Date.now());
      }
      isCaughtUp ||= feed.items.length < 100;
      after = feed.next;
    } catch (error) {
      if (signal.aborted) return;
      // Events that are no longer kept are told as one piece of news.
      if (error instanceof Refusal && error.status === GONE) after = null;
      await sleep(PAUSE_MS);
    }
  }
}
