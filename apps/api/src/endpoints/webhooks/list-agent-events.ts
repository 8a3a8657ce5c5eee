import { awaitFeed, type FeedPage, readFeed } from '@agent-registry/db';
import { feedKey } from '@agent-registry/operations';
import { contracts, RegistryError, type WebhookEvent } from '@agent-registry/schemas';
import { Answer, handling } from '../../endpoint.ts';
import { readWait } from '../../prefer.ts';
import { time } from '../../present/time.ts';
import { awaitOutcome } from '../../until-found.ts';

/** Followers wait all the time, so that they look less often for what they were not woken for. */
const POLL_MS = 2_000;
/** Digits of a delivery's id that a cursor carries: the random ones, at its end. */
const TAG_CHARS = 8;

export const listAgentEvents = handling({
  contract: contracts.listAgentEvents,
  async handle(context, request) {
    const { params, query } = request;
    const agentId = params.agent_id;
    const { after } = query;
    const [seq = '0'] = (after ?? '0').split('-');
    const look = async () => {
      const page = await readFeed(context.db, agentId, BigInt(seq), query.limit);
      if (after !== undefined) assertKnown(page, after);
      return page.events.length > 0 ? page : null;
    };
    const wait = readWait(request.header('prefer'));
    const waitMs = wait.isAsked ? wait.seconds * 1_000 : 0;
    let page = await look();
    if (page === null && waitMs > 0) {
      await awaitFeed(context.db, agentId, new Date(context.clock.now().getTime() + waitMs));
      const poll = { agentId, waitMs, gone: request.gone, limiter: context.feedPolls, pollMs: POLL_MS };
      page = await awaitOutcome(context, poll, feedKey(agentId), look);
    }
    const items = (page?.events ?? []).map((event) => ({
      ...(JSON.parse(event.body) as WebhookEvent),
      webhook_id: event.delivery_id,
      event_id: event.event_id,
      created_at: time(event.created_at),
      cursor: `${event.seq}-${tagOf(event.delivery_id)}`,
    }));
    const headers = wait.isAsked ? { 'Preference-Applied': `wait=${wait.seconds}` } : {};
    return new Answer({ items, next: items.at(-1)?.cursor ?? after ?? '0' }, { headers });
  },
});

function tagOf(deliveryId: string): string {
  return deliveryId.slice(-TAG_CHARS);
}

/** Refuses a cursor after which events are missing, and one that a database which was restored never gave, or gave to another event. */
function assertKnown({ lastDeliveryId, lastSeq, deletedSeq }: FeedPage, after: string): void {
  const [digits = '0', tag] = after.split('-');
  const seq = BigInt(digits);
  const isSame = lastDeliveryId === null ? seq === deletedSeq : tagOf(lastDeliveryId) === tag;
  if (isSame && seq >= deletedSeq && seq <= lastSeq) return;
  const detail =
    seq > lastSeq || (lastDeliveryId !== null && !isSame)
      ? 'This feed never gave that cursor, or has been restored from a backup since.'
      : 'Events after that cursor are no longer kept.';
  throw new RegistryError('cursor_gone', `${detail} Look at your jobs, and begin again without after.`);
}
