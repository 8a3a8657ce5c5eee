import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createWebhookSecret, signWebhook } from '@agent-registry/signing';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createWebhookReceiver, type EventHandlers } from './webhook-receiver.ts';

const secret = createWebhookSecret();
const body = JSON.stringify({
  event: 'job.accepted',
  job_id: '01930000-0000-7000-8000-00000000000a',
  timestamp: '2026-03-01T12:00:00Z',
  data: { agreed_price: '12.50', accepted_by: '01930000-0000-7000-8000-000000000001' },
});
const headersOf = (text: string, by = secret) =>
  signWebhook({
    secrets: [by],
    deliveryId: '01930000-0000-7000-8000-0000000000d1',
    timestamp: Math.floor(Date.now() / 1000),
    body: text,
  });
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  jest.restoreAllMocks();
});

type Send = (headers: Record<string, string>, text: string) => Promise<number>;
interface Way {
  readonly name: string;
  readonly start: (on: EventHandlers) => Promise<Send>;
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Send> {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return async (headers, text) =>
    (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body: text })).status;
}

const ways: Way[] = [
  {
    name: 'the Fetch API',
    start: async (on) => {
      const receiver = createWebhookReceiver({ secret, on });
      return async (headers, text) =>
        (await receiver.fetch(new Request('http://agent/', { method: 'POST', headers, body: text }))).status;
    },
  },
  {
    name: 'node:http',
    start: (on) => {
      const receiver = createWebhookReceiver({ secret, on });
      return listen(receiver.node);
    },
  },
  {
    name: 'Express behind express.raw()',
    start: (on) => {
      const receiver = createWebhookReceiver({ secret, on });
      return listen(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        await receiver.node(Object.assign(request, { body: Buffer.concat(chunks) }), response);
      });
    },
  },
];

describe.each(ways)('a receiver for $name', ({ start }) => {
  test('a receiver answers 204 to a genuine webhook and gives its handler the typed event', async () => {
    const seen: string[] = [];
    const send = await start({
      'job.accepted': ({ job_id, data }) => void seen.push(job_id, data.agreed_price),
    });
    expect(await send(headersOf(body), body)).toBe(204);
    expect(seen).toEqual(['01930000-0000-7000-8000-00000000000a', '12.50']);
  });

  test('a receiver answers 401 to what another secret signed, and calls nothing', async () => {
    const seen: string[] = [];
    const send = await start({ '*': ({ event }) => void seen.push(event) });
    expect(await send(headersOf(body, createWebhookSecret()), body)).toBe(401);
    expect(await send(headersOf(body), body.replace('12.50', '92.50'))).toBe(401);
    expect(seen).toEqual([]);
  });

  test('a receiver gives an event that has no handler of its own to the one for all others', async () => {
    const seen: string[] = [];
    const send = await start({ 'job.funded': () => undefined, '*': ({ event }) => void seen.push(event) });
    expect(await send(headersOf(body), body)).toBe(204);
    expect(seen).toEqual(['job.accepted']);
  });

  test('a receiver answers 500 when the handler throws, so that the registry sends the event again', async () => {
    const complaint = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const send = await start({ '*': () => Promise.reject(new Error('the disk is full')) });
    expect(await send(headersOf(body), body)).toBe(500);
    expect(complaint).toHaveBeenCalledTimes(1);
  });

  test('a receiver refuses a body larger than any that the registry sends', async () => {
    const large = JSON.stringify({ event: 'ping', data: 'x'.repeat(70_000) });
    const send = await start({});
    expect(await send(headersOf(large), large)).toBe(413);
  });
});

test('a receiver that is mounted behind a JSON parser says so, since parsed bytes cannot be verified', async () => {
  const receiver = createWebhookReceiver({ secret, on: {} });
  const request = Object.assign(
    { readableEnded: true, headers: headersOf(body) },
    { body: JSON.parse(body) },
  );
  await expect(receiver.node(request as never, {} as never)).rejects.toThrow('before express.json()');
});

test('a sender that hangs up in the middle of a body does not end the process that receives', async () => {
  const receiver = createWebhookReceiver({ secret, on: {} });
  const received = Promise.withResolvers<void>();
  await listen(async (request, response) => {
    await receiver.node(request, response).then(received.resolve, received.reject);
  });
  const { port } = server!.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: agent\r\nContent-Length: 100\r\n\r\nabc', () => socket.destroy());
  await expect(received.promise).resolves.toBeUndefined();
});

test('a body without an end is refused by the Fetch handler before it is all in memory', async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      controller.enqueue(new Uint8Array(16_384));
    },
  });
  const receiver = createWebhookReceiver({ secret, on: {} });
  const init = { method: 'POST', body: endless, duplex: 'half' } as RequestInit;
  const { status } = await receiver.fetch(new Request('http://agent/', init));
  expect(status).toBe(413);
  expect(sent).toBeLessThan(10);
});
