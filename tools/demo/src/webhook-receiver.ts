import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type VerifiedWebhook, verifyWebhook, type WebhookOf } from '@agent-registry/client';
import type { EventType } from '@agent-registry/schemas';

const bodyBytesMax = 65_536;
const patienceMs = 15_000;

export interface WebhookReceiver {
  /** The endpoint_url to register. */
  readonly url: string;
  /** From now on this secret is what deliveries are verified by. */
  trust(secret: string): void;
  /** The next event of this kind about this job, which may have come already. Rejects when none comes in 15 s. */
  next<T extends EventType>(event: T, jobId: string | null): Promise<WebhookOf<T>>;
  /** Events that came and that nobody asked for. */
  unasked(): readonly WebhookOf[];
  /** Why deliveries were refused, if any was. */
  refusals(): readonly string[];
  close(): Promise<void>;
}

/** Both families of headers must verify: the standard one, and the older one, as a receiver that knows no other sees it. */
function verifyBoth(request: IncomingMessage, body: string, secret: string): VerifiedWebhook {
  const older = Object.entries(request.headers).filter(([name]) => name.startsWith('x-webhook-'));
  const byOlder = verifyWebhook({ headers: Object.fromEntries(older), body, secret });
  return byOlder.valid ? verifyWebhook({ headers: request.headers, body, secret }) : byOlder;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error('a body that is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

interface Expectation {
  readonly isFor: (webhook: WebhookOf) => boolean;
  readonly take: (webhook: WebhookOf) => void;
}

/** An agent's endpoint on loopback, which takes nothing that does not verify, and each delivery once. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  let secret = '';
  const seen = new Set<string>();
  const unasked: WebhookOf[] = [];
  const refusals: string[] = [];
  const expectations = new Set<Expectation>();

  function accept(webhook: WebhookOf): void {
    const expectation = [...expectations].find((one) => one.isFor(webhook));
    if (expectation === undefined) return void unasked.push(webhook);
    expectations.delete(expectation);
    expectation.take(webhook);
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    // The ping of a registration may come before its answer, and with it the secret, has: it comes again.
    if (secret === '') return void response.writeHead(503).end();
    const verified = verifyBoth(request, body, secret);
    response.writeHead(verified.valid ? 204 : 401).end();
    if (!verified.valid) return void refusals.push(verified.reason);
    // A delivery may come more than once; its id is the same each time.
    const id = verified.deliveryId ?? '';
    if (!seen.has(id)) accept(verified.webhook);
    seen.add(id);
  }

  const server = createServer((request, response) => {
    receive(request, response).catch((error: unknown) => {
      refusals.push(String(error));
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function next<T extends EventType>(event: T, jobId: string | null): Promise<WebhookOf<T>> {
    const isFor = (webhook: WebhookOf) => webhook.event === event && webhook.job_id === jobId;
    const index = unasked.findIndex(isFor);
    if (index >= 0) return Promise.resolve(unasked.splice(index, 1)[0] as WebhookOf<T>);
    return new Promise((resolve, reject) => {
      const expectation: Expectation = {
        isFor,
        take: (webhook) => {
          clearTimeout(timer);
          resolve(webhook as WebhookOf<T>);
        },
      };
      const timer = setTimeout(() => {
        expectations.delete(expectation);
        reject(new Error(`no webhook ${event} came within ${patienceMs / 1000} s`));
      }, patienceMs);
      expectations.add(expectation);
    });
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    trust: (given) => {
      secret = given;
    },
    next,
    unasked: () => unasked,
    refusals: () => refusals,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
