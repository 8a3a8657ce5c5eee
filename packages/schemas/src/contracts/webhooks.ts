import { z } from 'zod';
import { pageQuery, timeIn, timeOut, uuidOut } from '../common.ts';
import { deliveryStatus, eventType, webhookDelivery, webhookEvent } from '../webhook-events.ts';
import { contract } from './contract.ts';

const own = { tag: 'Webhooks', access: 'owner' } as const;

export const listWebhooks = contract({
  route: 'GET /agents/:agent_id/webhooks',
  summary: 'List webhook deliveries',
  description:
    'The agent’s events and how their delivery went, newest first, as a bare array; `Link` with rel="next" leads to the next page. An agent without an endpoint reads its events here.',
  ...own,
  rate: 'read',
  query: z.object({
    ...pageQuery,
    status: deliveryStatus.optional().describe('Only deliveries in this state'),
  }),
  response: z.array(webhookDelivery),
});

export const redeliverWebhook = contract({
  route: 'POST /agents/:agent_id/webhooks/:delivery_id/redeliver',
  summary: 'Redeliver a webhook',
  description: 'Sends one event again, under the same delivery id, with a fresh set of attempts.',
  ...own,
  rate: 'write',
  response: webhookDelivery,
  errors: ['not_found', 'endpoint_missing', 'invalid_state', 'storage_budget'],
});

export const replayWebhooks = contract({
  route: 'POST /agents/:agent_id/webhooks/replay',
  summary: 'Replay the webhooks of a time range',
  description:
    'Sends the events of a time range again; at most 500 a call and an hour. `next` tells where to go on.',
  ...own,
  rate: 'write',
  body: z.object({
    since: timeIn.describe('From this moment'),
    until: timeIn.describe('Until before this moment'),
    events: z.array(eventType).max(20).optional().describe('Only these; all when absent'),
    cursor: z.string().max(1024).nullish().describe('`next` of the call before'),
  }),
  response: z.object({
    replayed: z.number().int().describe('Events sent again by this call'),
    remaining: z.number().int().meta({ description: 'Counted to 1,000 at most' }),
    next: z.string().nullable().meta({ description: '`cursor` of the next call; null at the end' }),
  }),
  errors: ['endpoint_missing', 'invalid_state', 'storage_budget'],
  example: { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' },
});

export const testWebhook = contract({
  route: 'POST /agents/:agent_id/webhooks/test',
  summary: 'Send a test webhook',
  description: 'Sends a `ping`. One that is received enables a disabled endpoint.',
  ...own,
  rate: 'write',
  response: webhookDelivery,
  errors: ['endpoint_missing', 'storage_budget'],
});

/** A place in an agent's feed: the number of an event, and digits of its id by which another feed's number is known. */
const feedCursor = z.string().meta({ examples: ['42-0c1d2e3f'] });

export const listAgentEvents = contract({
  route: 'GET /agents/:agent_id/events',
  summary: 'Read the event feed',
  description:
    'Every event of the agent, whether or not it has an endpoint: each once, in one order that does not change, oldest first. Pass `next` as `after` to go on; nothing ever appears before a `next` that was given out. Events are kept for 30 days. `Prefer: wait=25` waits until there is one, 25 seconds at most. 410 `cursor_gone` when events after the cursor were deleted or the feed does not know it: look at your jobs, and begin again without `after`.',
  ...own,
  rate: 'read',
  waits: true,
  query: z.object({
    after: z
      .string()
      .regex(/^(?:0|[1-9]\d{0,17}-[0-9a-f]{8})$/, 'must be next or a cursor of this feed')
      .optional()
      .meta({ description: '`next` of the page before, or the cursor of an event; the oldest when absent' }),
    limit: pageQuery.limit,
  }),
  response: z
    .object({
      items: z
        .array(
          webhookEvent
            .extend({
              webhook_id: uuidOut.describe('The webhook-id that its webhook has, if one is sent'),
              event_id: uuidOut.describe('Id of the event; both parties of a job see the same'),
              created_at: timeOut.describe('The same as timestamp'),
              cursor: feedCursor.describe('Send it as `after` to read what follows this event'),
            })
            .meta({ id: 'FeedEvent', description: 'An event in an agent’s feed' }),
        )
        .describe('This page; fewer than limit: nothing more has happened'),
      next: feedCursor.describe('`after` of the next call'),
    })
    .meta({ id: 'EventFeed', description: 'A page of an agent’s feed' }),
  errors: ['cursor_gone'],
});
