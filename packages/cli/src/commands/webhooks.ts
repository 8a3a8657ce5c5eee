import type { EventType, WebhookDelivery } from '@agent-registry/client';
import type { At } from '../at.ts';
import { defineCommand, defineStream, type Group } from '../define-command.ts';
import { given, oneOf, repeated, required, text } from '../flags.ts';
import { type Forwarded, forwardEvent } from '../forward-event.ts';
import { done, status, time } from '../show-values.ts';
import { limit, take } from '../take.ts';
import { type Doc, line, table, toned } from '../terminal/document.ts';
import { UsageError } from '../usage-error.ts';

const list = defineCommand({
  usage: 'list',
  summary: 'List events and how their delivery went, newest first',
  example: 'webhooks list --status failed',
  flags: { status: oneOf(['pending', 'delivered', 'failed'], 'those in this state'), limit },
  run: ({ client }, { limit: most, ...filters }) =>
    take(client.iterate('listWebhooks', given(filters)), most),
  show: showDeliveries,
});

export function showDeliveries(items: readonly WebhookDelivery[]): Doc {
  return [
    table(items, 'No deliveries', {
      DELIVERY: (item) => item.delivery_id,
      TIME: (item) => time(item.created_at),
      EVENT: (item) => item.event_type,
      STATUS: (item) => status(item.status),
      ATTEMPTS: (item) => item.attempts,
      'LAST ERROR': (item) => item.last_error,
    }),
  ];
}

const redeliver = defineCommand({
  usage: 'redeliver <delivery_id>',
  summary: 'Have one delivery sent again',
  example: 'webhooks redeliver 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
  run: ({ client }, { delivery_id }) => client.redeliverWebhook({ delivery_id }),
  show: (delivery) => showDeliveries([delivery]),
});

const replay = defineCommand({
  usage: 'replay',
  summary: 'Have every event of a time sent again',
  example: 'webhooks replay --since 2026-01-31T00:00:00Z --until 2026-02-01T00:00:00Z --event job.completed',
  flags: {
    since: required('<time>', 'from then'),
    until: required('<time>', 'until then'),
    event: repeated('<name>', 'only this event; may be repeated'),
  },
  async run({ client, tell }, { since, until, event }) {
    const asked = given({ since, until, events: event as readonly EventType[] | undefined });
    let page = await client.replayWebhooks(asked);
    let replayed = page.replayed;
    while (page.next !== null) {
      tell([line(toned('quiet', `${replayed} replayed, ${page.remaining} to go.`))]);
      page = await client.replayWebhooks({ ...asked, cursor: page.next });
      replayed += page.replayed;
    }
    return { replayed };
  },
  show: ({ replayed }) => done('To be sent again', { events: replayed }),
});

const test = defineCommand({
  usage: 'test',
  summary: 'Have a ping sent to the agent’s endpoint',
  example: 'webhooks test',
  run: ({ client }) => client.testWebhook(),
  show: (delivery) => showDeliveries([delivery]),
});

const listen = defineStream({
  usage: 'listen',
  summary: 'Forward events to a URL of yours, signed as the registry signs webhooks; no tunnel is needed',
  example: 'webhooks listen --forward-to http://localhost:3000/hook',
  flags: {
    forward_to: required('<url>', 'where your receiver is'),
    after: text(
      '<cursor>',
      'begin after the event with this cursor; unless given, with what happens from now on',
    ),
  },
  stream: (at, { forward_to, after }) => forwardAll(at, forward_to, after),
  show: ({ event, job_id, status: code, error, attempts, delivered, cursor }) => [
    line(
      toned(delivered ? 'good' : 'bad', code === null ? `no answer (${error ?? ''})` : String(code)),
      '  ',
      toned('strong', event),
      `  ${job_id ?? ''}  `,
      toned('quiet', `${attempts === 1 ? '' : `after ${attempts} attempts  `}${cursor}`),
    ),
  ],
});

async function* forwardAll(at: At, url: string, after: string | undefined): AsyncGenerator<Forwarded, void> {
  const { client, webhookSecret: secret, io } = at;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError('--forward-to is an http or https URL, such as http://localhost:3000/hook.');
  if (secret === undefined)
    throw new UsageError('There is no webhook secret to sign with: set AGENT_REGISTRY_WEBHOOK_SECRET.');
  let from = after;
  if (from === undefined) for await (const { cursor } of client.events({ follow: false })) from = cursor;
  at.tell([line(`Forwarding to ${url} what comes after ${from ?? 'now'}; Ctrl-C ends it.`)]);
  for await (const event of client.events({ after: from }))
    yield await forwardEvent(event, { url, secret, signal: io.signal });
}

export const webhooks: Group = {
  name: 'webhooks',
  summary: 'How the agent is told of events',
  commands: [list, redeliver, replay, test, listen],
};
