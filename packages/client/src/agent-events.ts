import type { AgentCalls, Events, FeedEvent } from './api.generated.ts';
import type { CallOptions } from './connection.ts';
import { pause } from './pause.ts';
import { RegistryProblem, RegistryUnreachable } from './registry-problem.ts';

/** An event of the feed: its `event` tells what `data` and `job_id` are. Its `cursor` is where to go on after it. */
export type AgentEvent = {
  [Name in keyof Events]: Events[Name] & Omit<FeedEvent, keyof Events[Name]>;
}[keyof Events];

export interface EventOptions {
  /** The cursor of the last event that was dealt with; from the oldest that is kept when absent. */
  readonly after?: string | undefined;
  /** Whether to wait for what is yet to happen; true when absent. */
  readonly follow?: boolean | undefined;
  /** Ends the iteration; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const PAGE_EVENTS = 100;
const WAIT_SECONDS = 25;
/** How long an outage is left alone before the feed is asked again. */
const OUTAGE_PAUSE_MS = 5_000;

/**
 * The agent's events in their one order, each once. While it follows, an outage is waited out.
 *
 * @throws RegistryProblem `cursor_gone` when events after the cursor are no longer kept: look at your jobs then, and begin
 *   without a cursor.
 */
export async function* agentEvents(
  client: Pick<AgentCalls<CallOptions>, 'listAgentEvents'>,
  { after, follow = true, signal }: EventOptions = {},
  pauseMs: number = OUTAGE_PAUSE_MS,
): AsyncGenerator<AgentEvent, void> {
  let cursor = after;
  for (;;) {
    try {
      const input = { limit: PAGE_EVENTS, ...(cursor === undefined ? {} : { after: cursor }) };
      const options = { signal, ...(follow ? { waitSeconds: WAIT_SECONDS } : {}) };
      const page = await client.listAgentEvents(input, options);
      yield* page.items as AgentEvent[];
      cursor = page.next;
      if (!follow && page.items.length < PAGE_EVENTS) return;
    } catch (error) {
      if (!follow || !isOutage(error)) throw error;
      const asked = error instanceof RegistryProblem ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
      await pause(Math.max(pauseMs, asked), signal);
    }
  }
}

function isOutage(error: unknown): boolean {
  if (error instanceof RegistryUnreachable) return true;
  return error instanceof RegistryProblem && (error.status >= 500 || error.status === 429);
}
