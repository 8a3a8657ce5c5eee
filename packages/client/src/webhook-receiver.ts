import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Events } from './api.generated.ts';
import { type ReceivedWebhook, verifyWebhook } from './verify-webhook.ts';

/** The registry sends no larger body than this. */
const BODY_BYTES_MAX = 65_536;

type Handler<E> = (event: E, deliveryId: string | null) => void | Promise<void>;
/** What is done about each event, by its name; `*` is told of those that have no handler of their own. */
export type EventHandlers = { readonly [Name in keyof Events]?: Handler<Events[Name]> } & {
  readonly '*'?: Handler<Events[keyof Events]>;
};

export interface WebhookReceiverOptions
  extends Pick<ReceivedWebhook, 'secret' | 'clock' | 'toleranceSeconds'> {
  readonly on: EventHandlers;
}

/** A request that Express, or a middleware before us, may have read already. */
type NodeRequest = IncomingMessage & { readonly body?: unknown };

export interface WebhookReceiver {
  /** For whatever speaks the Fetch API: Hono, Next.js, Deno, workers. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** For `node:http`, and as a handler of Express: mount it before `express.json()`, or behind `express.raw({ type: '*\/*' })`. */
  readonly node: (request: NodeRequest, response: ServerResponse) => Promise<void>;
}

/**
 * Receives webhooks: verifies the raw bytes and calls the event's handler. It answers 204 when the handler is done, 401 to what does
 * not verify, 500 when the handler throws, so that the registry tries again; so a handler may be called again with the same
 * `deliveryId`, and one that takes more than 10 seconds is.
 */
export function createWebhookReceiver({ on, ...verification }: WebhookReceiverOptions): WebhookReceiver {
  const receive = async (headers: ReceivedWebhook['headers'], body: Uint8Array): Promise<number> => {
    const verified = verifyWebhook({ ...verification, headers, body });
    if (!verified.valid) return 401;
    const { webhook, deliveryId } = verified;
    const handler = (on[webhook.event] ?? on['*']) as Handler<Events[keyof Events]> | undefined;
    await handler?.(webhook, deliveryId);
    return 204;
  };
  return {
    async fetch(request) {
      const body = request.body === null ? new Uint8Array() : await readBounded(request.body);
      const status = body === null ? 413 : await statusOf(receive(request.headers, body));
      return new Response(null, { status });
    },
    async node(request, response) {
      if (typeof request.body === 'object' && !(request.body instanceof Uint8Array) && request.readableEnded)
        throw new TypeError(
          'the webhook was parsed before it could be verified: mount its receiver before express.json()',
        );
      let body: Uint8Array | null;
      try {
        body = await rawBodyOf(request);
      } catch {
        // Whoever sent it hung up in the middle: nobody is there to be answered.
        response.destroy();
        return;
      }
      response.writeHead(body === null ? 413 : await statusOf(receive(request.headers, body))).end();
    },
  };
}

async function statusOf(received: Promise<number>): Promise<number> {
  try {
    return await received;
  } catch (error) {
    console.error('a webhook handler failed; the registry will send the event again', error);
    return 500;
  }
}

/** The bytes as they came; null when there are too many. */
async function rawBodyOf(request: NodeRequest): Promise<Uint8Array | null> {
  const { body } = request;
  if (body instanceof Uint8Array) return body.length > BODY_BYTES_MAX ? null : body;
  if (typeof body === 'string') return Buffer.from(body);
  return readBounded(request as AsyncIterable<Uint8Array>);
}

async function readBounded(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
