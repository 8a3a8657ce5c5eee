import { z } from 'zod';
import { pageQuery, timeIn } from '../common.ts';
import { deliveryStatus, eventType, webhookDelivery } from '../webhook-events.ts';
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
    cursor: z.string().max(1024).nullish().describe('next of the call before'),
  }),
  response: z.object({
    replayed: z.number().int().describe('Events sent again by this call'),
    remaining: z.number().int().meta({ description: 'Counted to 1,000 at most' }),
    next: z.string().nullable().meta({ description: 'cursor of the next call; null at the end' }),
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
