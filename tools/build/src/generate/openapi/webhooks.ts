import { EVENT_AUDIENCE, EVENT_DATA, type EventType, type JobEventType } from '@agent-registry/schemas';
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
      event: { const: type },
      job_id: isJobEvent(type) ? { type: 'string', format: 'uuid' } : { type: 'null' },
      timestamp: { type: 'string', format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] },
      data: writer.write(EVENT_DATA[type], 'output'),
    },
  };
  return {
    operationId: type,
    tags: ['Events'],
    summary: `${type}. ${isJobEvent(type) ? HEARD_BY[EVENT_AUDIENCE[type]] : 'Sent to the agent it is about.'}`,
    parameters: Object.entries(HEADERS).map(([name, header]) => ({ name, in: 'header', ...header })),
    requestBody: {
      required: true,
      content: { 'application/json': { schema, example: exampleOf(schema, writer.named) } },
    },
    responses: {
      '2XX': { description: 'Received. Anything else, or nothing within 10 s, is tried again later.' },
      '410': { description: 'Gone for good: the endpoint is disabled, events are kept.' },
    },
  };
}

function isJobEvent(type: EventType): type is JobEventType {
  return type in EVENT_AUDIENCE;
}
