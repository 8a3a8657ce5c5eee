import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LoadAgent, named, registerAgents } from './agents.ts';
import type { Sender } from './load.ts';
import type { StackUnderTest } from './stack-under-test.ts';

const RECEIPT_TIMEOUT_MS = 60_000;

/** Agents whose webhooks come to this process, each to an endpoint with a port of its own: the dispatcher is fair by origin. */
export interface Targets {
  readonly agents: readonly LoadAgent[];
  /** Resolves to when the delivery came, by performance.now(): at once if it has. Throws when it does not come for a minute. */
  receipt(deliveryId: string): Promise<number>;
  close(): void;
}

/** An endpoint that answers at once, or, without `onDelivery`, never. */
async function openEndpoint(onDelivery: ((deliveryId: string) => void) | null) {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      if (onDelivery === null) return; // Until the dispatcher has had enough.
      onDelivery(String(request.headers['webhook-id']));
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/`, close };
}

/** Receipts by delivery, whichever comes first, the delivery or the question. Only the first receipt of a delivery counts. */
function createReceipts() {
  const arrived = new Map<string, number>();
  const waiting = new Map<string, (atMs: number) => void>();
  return {
    onDelivery: (deliveryId: string) => {
      const atMs = performance.now();
      const waiter = waiting.get(deliveryId);
      if (waiter === undefined) arrived.set(deliveryId, atMs);
      waiting.delete(deliveryId);
      waiter?.(atMs);
    },
    receipt: (deliveryId: string): Promise<number> => {
      const atMs = arrived.get(deliveryId);
      arrived.delete(deliveryId);
      if (atMs !== undefined) return Promise.resolve(atMs);
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(deliveryId);
          reject(new Error(`delivery ${deliveryId} did not come within ${RECEIPT_TIMEOUT_MS / 1_000} s`));
        }, RECEIPT_TIMEOUT_MS);
        waiting.set(deliveryId, (at) => {
          clearTimeout(late);
          resolve(at);
        });
      });
    },
  };
}

/** So many agents with an endpoint each. Those that hang never answer a delivery. */
export async function openTargets(stack: StackUnderTest, count: number, hang = false): Promise<Targets> {
  const { onDelivery, receipt } = createReceipts();
  const opening = Array.from({ length: count }, () => openEndpoint(hang ? null : onDelivery));
  const endpoints = await Promise.all(opening);
  const close = () => {
    for (const endpoint of endpoints) endpoint.close();
  };
  try {
    const agents = await registerAgents(stack, named(hang ? 'hanging' : 'target', count), (index) => ({
      endpoint_url: endpoints[index]!.url,
    }));
    return { agents, receipt, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Has the registry send a ping, an event that costs its target nothing. Returns the delivery's id. */
export async function ping(sender: Sender, target: LoadAgent): Promise<string> {
  const asked = target.sign('POST', `/v1/agents/${target.id}/webhooks/test`, {});
  const { text } = await sender.send(asked, 200);
  return (JSON.parse(text) as { delivery_id: string }).delivery_id;
}

/** Time from the API's answer to the receipt, ms; 0 when the receipt came first. */
export async function timeDelivery(sender: Sender, targets: Targets, nth: number): Promise<number> {
  const deliveryId = await ping(sender, targets.agents[nth % targets.agents.length]!);
  const answeredAtMs = performance.now();
  return Math.max(0, (await targets.receipt(deliveryId)) - answeredAtMs);
}
