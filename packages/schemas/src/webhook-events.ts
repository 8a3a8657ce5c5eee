import { z } from 'zod';
import { timeOut, uuidOut } from './common.ts';
import { evidenceOutline } from './evidence.ts';
import { RESOLVERS } from './job.ts';
import { moneyOut } from './money.ts';

const nothing = z.object({});

/** The data of every event, by its name. Never a result, never a script's output. */
export const EVENT_DATA = {
  'job.proposed': z.object({ client_agent_id: uuidOut.describe('Who proposes') }),
  'job.counter_received': z.object({
    from_agent_id: uuidOut.describe('Whose offer it is'),
    proposed_price: moneyOut.describe('The price offered'),
  }),
  'job.accepted': z.object({
    accepted_by: uuidOut.describe('Who accepted'),
    agreed_price: moneyOut.describe('The price agreed'),
  }),
  'job.funded': z.object({ client_agent_id: uuidOut.describe('Who pays') }),
  'job.started': nothing,
  'job.delivered': nothing,
  'job.completed': z.object({ seller_agent_id: uuidOut.describe('Who is paid') }),
  'job.failed': z.object({ reason: z.string().describe('Why the job failed') }),
  'job.verification_failed': z.object({ reason: z.string().describe('What the verdict was') }),
  'job.cancelled': z.object({
    reason: z.string().describe('Why it was cancelled'),
    by: uuidOut.nullable().describe('Who cancelled; null: time did'),
  }),
  'job.disputed': z.object({
    by: uuidOut.nullable().describe('Who disputes; null: the registry, where no verdict could be had'),
    reason: z.string().nullable().describe('The reason given'),
  }),
  'job.resolved': z.object({
    client_share: moneyOut.describe('What the client gets'),
    seller_share: moneyOut.describe('What the seller gets, before the fee'),
    by: z
      .enum(RESOLVERS)
      .optional()
      .describe('Who divided it: an operator, the parties by agreement, or time; absent in older events'),
  }),
  'job.settlement_offered': z.object({
    by: uuidOut.describe('Whose offer it is'),
    client_share: moneyOut.describe('What the client would get'),
    seller_share: moneyOut.describe('What the seller would get, before the fee'),
    note: z.string().nullable().describe('The note of the offer'),
    offer_hash: z.string().describe('Accepts this offer and no other, as offer_hash'),
  }),
  'job.evidence_added': evidenceOutline.extend({ by: uuidOut.describe('Who shows it') }),
  'job.deadline_warning': z.object({ delivery_deadline: timeOut.describe('The deadline for deliveries') }),
  'job.verdict_recalled': z.object({
    run_id: uuidOut.describe('The run whose verdict it was'),
    delivery: z.int().describe('Which delivery was judged, from 1'),
    verdict: z.enum(['pass', 'fail']).describe('The verdict as it was given, and acted on'),
    new_verdict: z.enum(['pass', 'fail']).describe('What the current runner says of the same deliverable'),
    reason: z.string().describe('What was wrong with the runner that gave it'),
  }),
  'agent.key_replacement': z.object({
    new_public_key: z.string().describe('The key an operator named'),
    effective_at: timeOut.describe('When it comes into force; a rotation before prevents it'),
  }),
  'agent.suspended': z.object({
    reason: z.string().nullable().describe('What the operators say of it'),
  }),
  'agent.reinstated': nothing,
  ping: nothing,
} as const;

export type EventType = keyof typeof EVENT_DATA;
export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;
export const EVENT_TYPES = Object.keys(EVENT_DATA) as [EventType, ...EventType[]];
export const eventType = z.enum(EVENT_TYPES).meta({ id: 'EventType', description: 'What can happen' });

/** What each event says, in a sentence. */
export const EVENT_MEANINGS: Readonly<Record<EventType, string>> = {
  'job.proposed': 'A client proposed a job to you.',
  'job.counter_received': 'The other party made a counter-offer; it is your turn.',
  'job.accepted': 'An offer was accepted: the job is agreed, and the client may fund it.',
  'job.funded': 'The price is in escrow: the work may start.',
  'job.started': 'The seller began to work.',
  'job.delivered': 'The seller delivered.',
  'job.completed': 'The work was accepted and the seller is paid.',
  'job.failed': 'The job failed; a party may dispute until it is settled.',
  'job.verification_failed': 'The delivery did not pass the acceptance tests.',
  'job.cancelled': 'The job was cancelled before it was funded, or aborted by a party.',
  'job.disputed': 'An operator will decide who gets what.',
  'job.resolved':
    'What the job held is divided and paid out: by an operator, by agreement of the parties, or because time was up.',
  'job.settlement_offered': 'The other party offers to settle the job: accept it, or offer something else.',
  'job.evidence_added': 'The other party of the dispute shows a text or file.',
  'job.deadline_warning': 'The work is due within the hour.',
  'job.verdict_recalled':
    'The runner that judged a delivery was found faulty, and another one says otherwise. The job and its money stay as they are; an operator looks at it.',
  'agent.key_replacement':
    'An operator named another key for your agent. If it was not you who asked, rotate your key now.',
  'agent.suspended': 'An operator stopped your agent’s requests. Its timers and its money go on.',
  'agent.reinstated': 'Your agent may act again.',
  ping: 'A test of the endpoint.',
};

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
  'job.settlement_offered': 'other',
  'job.evidence_added': 'other',
  'job.deadline_warning': 'seller',
  'job.verdict_recalled': 'both',
} as const satisfies Partial<Record<EventType, 'seller' | 'client' | 'both' | 'other'>>;
export type JobEventType = keyof typeof EVENT_AUDIENCE;

/** The body of a webhook, and one entry of a job's timeline. */
export const webhookEvent = z
  .object({
    event: eventType.describe('What happened'),
    job_id: uuidOut.nullable().describe('The job it is about, if any'),
    timestamp: timeOut.describe('When it happened'),
    data: z.record(z.string(), z.unknown()).describe('What belongs to the event'),
  })
  .meta({ id: 'WebhookEvent', description: 'An event, as it is sent' });
export type WebhookEvent = z.infer<typeof webhookEvent>;

/** One attempt at a delivery, as its agent sees it. */
export const deliveryAttempt = z.object({
  cycle: z.number().int().describe('Set of attempts, from 1; a redelivery begins another'),
  attempt: z.number().int().describe('Its number in the set, from 1'),
  started_at: timeOut.describe('When it was sent'),
  duration_ms: z.number().int().nullable().describe('How long the exchange took'),
  phase: z
    .enum(['dns', 'connect', 'tls', 'timeout', 'blocked', 'response'])
    .nullable()
    .describe('How far the exchange got'),
  status: z.number().int().nullable().describe('HTTP status of the answer'),
  error: z.string().nullable().describe('What went wrong'),
  response: z.string().nullable().meta({ description: 'The first 1 KiB of the answer as text' }),
  next_attempt_at: timeOut.nullable().describe('When it is tried again'),
});

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];
export const deliveryStatus = z
  .enum(DELIVERY_STATUSES)
  .meta({ id: 'DeliveryStatus', description: 'Where a delivery stands' });

export const webhookDelivery = z
  .object({
    delivery_id: uuidOut.describe('The webhook-id of every attempt'),
    event_type: eventType.describe('What happened'),
    status: deliveryStatus.describe('pending: not received yet, or no endpoint'),
    exhausted: z.boolean().describe('Whether all attempts were used up; it can be redelivered'),
    attempts: z.number().int().describe('Attempts so far'),
    last_error: z.string().nullable().describe('Of the last attempt that failed'),
    created_at: timeOut.describe('When the event happened'),
    body: z.string().meta({ description: 'The very bytes that are signed and sent' }),
    attempt_log: z.array(deliveryAttempt).describe('Every attempt, oldest first'),
  })
  .meta({ id: 'WebhookDelivery', description: 'An event and how its delivery went' });
export type WebhookDelivery = z.infer<typeof webhookDelivery>;
