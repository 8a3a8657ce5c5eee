import {
  EVENT_AUDIENCE,
  EVENT_DATA,
  EVENT_MEANINGS,
  type EventType,
  type JobEventType,
} from '@agent-registry/schemas';
import { exampleOf } from './example.ts';
import type { SchemaWriter } from './json-schema.ts';

const text = (description: string) => ({ required: true, description, schema: { type: 'string' } });
const HEADERS = {
  'webhook-id': text('The delivery id: the same on every attempt'),
  'webhook-timestamp': text('Unix seconds'),
  'webhook-signature': text(
    'Standard Webhooks: `v1,<base64>`; two, space-separated, while a secret is rotated',
  ),
  'X-Webhook-Timestamp': text('The same unix seconds'),
  'X-Webhook-Signature': text('Hex HMAC-SHA256, keyed with the secret string, of timestamp + "." + body'),
};
const HEARD_BY: Readonly<Record<string, string>> = {
  seller: 'Sent to the seller.',
  client: 'Sent to the client.',
  both: 'Sent to both parties.',
  other: 'Sent to the party that did not do it.',
};

/** Every event as an OpenAPI webhook. */
export function webhooksOf(writer: SchemaWriter): Record<string, unknown> {
  return Object.fromEntries(
    (Object.keys(EVENT_DATA) as EventType[]).map((type) => [type, { post: webhook(type, writer) }]),
  );
}

function webhook(type: EventType, writer: SchemaWriter): unknown {
  const schema = {
    type: 'object',
    required: ['event', 'job_id', 'timestamp', 'data'],
    properties: {
      event: { type: 'string', const: type, description: 'What happened' },
      job_id: {
        ...(isJobEvent(type) ? { type: 'string', format: 'uuid' } : { type: 'null' }),
        description: 'The job it is about; null for none',
      },
      timestamp: {
        type: 'string',
        format: 'date-time',
        description: 'When it happened',
        examples: ['2026-01-31T12:00:00.000Z'],
      },
      data: { ...writer.write(EVENT_DATA[type], 'output'), description: 'What belongs to the event' },
    },
  };
  return {
    operationId: type,
    tags: ['Events'],
    security: [],
    summary: type,
    description: `${EVENT_MEANINGS[type]} ${isJobEvent(type) ? HEARD_BY[EVENT_AUDIENCE[type]] : 'Sent to the agent it is about.'}`,
    parameters: Object.entries(HEADERS).map(([name, header]) => ({ name, in: 'header', ...header })),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: writer.name(componentName(type), schema),
          example: exampleOf(schema, writer.named),
        },
      },
    },
    responses: {
      '2XX': { description: 'Received. Anything else, or nothing within 10 s, is tried again later.' },
      '410': { description: 'Gone for good: the endpoint is disabled, events are kept.' },
    },
  };
}

/** `job.counter_received` is JobCounterReceivedEvent. */
export function componentName(type: EventType): string {
  const words = type.split(/[._]/).map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `${words.join('')}Event`;
}

function isJobEvent(type: EventType): type is JobEventType {
  return type in EVENT_AUDIENCE;
}
