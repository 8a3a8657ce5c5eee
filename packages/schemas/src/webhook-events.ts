import { z } from 'zod';
import { timeOut, uuidOut } from './common.ts';
import { moneyOut } from './money.ts';

const nothing = z.object({});

/** The data of every event, by its name. Never a result, never a script's output. */
export const EVENT_DATA = {
  'job.proposed': z.object({ client_agent_id: uuidOut }),
  'job.counter_received': z.object({ from_agent_id: uuidOut, proposed_price: moneyOut }),
  'job.accepted': z.object({ accepted_by: uuidOut, agreed_price: moneyOut }),
  'job.funded': z.object({ client_agent_id: uuidOut }),
  'job.started': nothing,
  'job.delivered': nothing,
  'job.completed': z.object({ seller_agent_id: uuidOut }),
  'job.failed': z.object({ reason: z.string() }),
  'job.verification_failed': z.object({ reason: z.string() }),
  'job.cancelled': z.object({ reason: z.string(), by: uuidOut.nullable() }),
  'job.disputed': z.object({ by: uuidOut.nullable(), reason: z.string().nullable() }),
  'job.resolved': z.object({ client_share: moneyOut, seller_share: moneyOut }),
  'job.deadline_warning': z.object({ delivery_deadline: timeOut }),
  'agent.key_replacement': z.object({ new_public_key: z.string(), effective_at: timeOut }),
  ping: nothing,
} as const;

export type EventType = keyof typeof EVENT_DATA;
export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;
export const EVENT_TYPES = Object.keys(EVENT_DATA) as [EventType, ...EventType[]];

/** Who hears of a job's event. */
export const EVENT_AUDIENCE = {
  'job.proposed': 'seller',
  'job.counter_received': 'other',
  'job.accepted': 'both',
  'job.funded': 'seller',
  'job.started': 'client',
  'job.delivered': 'client',
  'job.completed': 'both',
  'job.failed': 'both',
  'job.verification_failed': 'both',
  'job.cancelled': 'both',
  'job.disputed': 'both',
  'job.resolved': 'both',
  'job.deadline_warning': 'seller',
} as const satisfies Partial<Record<EventType, 'seller' | 'client' | 'both' | 'other'>>;
export type JobEventType = keyof typeof EVENT_AUDIENCE;

/** The body of a webhook, and one entry of a job's timeline. */
export const webhookEvent = z
  .object({
    event: z.enum(EVENT_TYPES),
    job_id: uuidOut.nullable(),
    timestamp: timeOut,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'WebhookEvent' });
export type WebhookEvent = z.infer<typeof webhookEvent>;

/** One attempt at a delivery, as its agent sees it. */
export const deliveryAttempt = z.object({
  cycle: z.number().int(),
  attempt: z.number().int(),
  started_at: timeOut,
  duration_ms: z.number().int().nullable(),
  phase: z.enum(['dns', 'connect', 'tls', 'timeout', 'blocked', 'response']).nullable(),
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  response: z.string().nullable().meta({ description: 'The first 1 KiB of the answer as text' }),
  next_attempt_at: timeOut.nullable(),
});

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export const webhookDelivery = z
  .object({
    delivery_id: uuidOut,
    event_type: z.enum(EVENT_TYPES),
    status: z.enum(DELIVERY_STATUSES),
    exhausted: z.boolean(),
    attempts: z.number().int(),
    last_error: z.string().nullable(),
    created_at: timeOut,
    body: z.string().meta({ description: 'The very bytes that are signed and sent' }),
    attempt_log: z.array(deliveryAttempt),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof webhookDelivery>;
