import { z } from 'zod';
import { pageQuery, timeIn } from '../common.ts';
import { DELIVERY_STATUSES, EVENT_TYPES, webhookDelivery } from '../webhook-events.ts';
import { contract } from './contract.ts';

const own = { tag: 'Webhooks', access: 'owner' } as const;

export const listWebhooks = contract({
  route: 'GET /agents/:agent_id/webhooks',
  summary: "The agent's events and how their delivery went, newest first, as a bare array",
  ...own,
  rate: 'read',
  query: z.object({ ...pageQuery, status: z.enum(DELIVERY_STATUSES).optional() }),
  response: z.array(webhookDelivery),
});

export const redeliverWebhook = contract({
  route: 'POST /agents/:agent_id/webhooks/:delivery_id/redeliver',
  summary: 'Send one event again, with a fresh set of attempts',
  ...own,
  rate: 'write',
  response: webhookDelivery,
  errors: ['not_found', 'endpoint_missing', 'invalid_state', 'storage_budget'],
});

export const replayWebhooks = contract({
  route: 'POST /agents/:agent_id/webhooks/replay',
  summary:
    'Send the events of a time range again; at most 500 a call and an hour, `next` tells where to go on',
  ...own,
  rate: 'write',
  body: z.object({
    since: timeIn,
    until: timeIn,
    events: z.array(z.enum(EVENT_TYPES)).max(20).optional(),
    cursor: z.string().max(1024).nullish(),
  }),
  response: z.object({
    replayed: z.number().int(),
    remaining: z.number().int().meta({ description: 'Counted to 1,000 at most' }),
    next: z.string().nullable().meta({ description: 'cursor of the next call; null at the end' }),
  }),
  errors: ['endpoint_missing', 'invalid_state', 'storage_budget'],
  example: { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' },
});

export const testWebhook = contract({
  route: 'POST /agents/:agent_id/webhooks/test',
  summary: 'Send a ping; one that succeeds enables a disabled endpoint',
  ...own,
  rate: 'write',
  response: webhookDelivery,
  errors: ['endpoint_missing', 'storage_budget'],
});
