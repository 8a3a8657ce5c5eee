import { randomInt } from 'node:crypto';
import { type AgentClient, type Connection, register, verifyWebhook } from '@agent-registry/client';
import { isPortFree } from '@agent-registry/servers';
import { type OnRequest, openEndpoint } from '../testing/endpoint.ts';

export interface StormTarget {
  readonly agentId: string;
  readonly client: AgentClient;
  /** Nothing listens at its endpoint any more, once it has answered the ping of its registration. */
  readonly isDead: boolean;
  /** The delivery of that ping. */
  readonly greetingId: string;
}

/** What came of one delivery at its receiver. */
export interface Receipt {
  readonly agentId: string;
  /** From the event's own timestamp, which is taken as its transaction begins, to the first arrival. */
  readonly latencyMs: number;
  /** When it came, and came again: unix ms. */
  readonly times: number[];
}

export interface Targets {
  readonly all: readonly StormTarget[];
  /** By webhook-id. */
  readonly receipts: ReadonlyMap<string, Receipt>;
  /** What came and did not verify. */
  readonly refused: readonly string[];
  close(): void;
}

const DEAD_EVERY = 10;
const PURSE = '1000.00';
// Below the range from which systems take the near end of outgoing connections: a dead port must stay dead.
const LOWEST_PORT = 10_000;
const HIGHEST_PORT = 32_000;

async function quietPort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if (await isPortFree(port)) return port;
  }
}

/** Registers agents with credits that act and receive webhooks, each on its own port, since connections are limited per origin; one port in ten is closed again. */
export async function openTargets(connection: Connection, count: number): Promise<Targets> {
  const receipts = new Map<string, Receipt>();
  const refused: string[] = [];
  const closers: (() => Promise<void>)[] = [];
  const openOne = async (index: number): Promise<StormTarget> => {
    const isDead = index % DEAD_EVERY === DEAD_EVERY - 1;
    let own = { agentId: '', secret: '' };
    const greeted = Promise.withResolvers<string>();
    const receive: OnRequest = ({ headers }, body, answer) => {
      const atMs = Date.now();
      if (own.secret === '') return answer(503); // The ping overtook the answer to the registration; it comes again.
      const verified = verifyWebhook({ headers, body, secret: own.secret });
      answer(verified.valid ? 204 : 401);
      if (!verified.valid || verified.deliveryId === null) return void refused.push(body);
      const latencyMs = atMs - Date.parse(verified.webhook.timestamp);
      const receipt = receipts.get(verified.deliveryId) ?? { agentId: own.agentId, latencyMs, times: [] };
      receipt.times.push(atMs);
      receipts.set(verified.deliveryId, receipt);
      greeted.resolve(verified.deliveryId);
    };
    const endpoint = await openEndpoint(receive, isDead ? await quietPort() : 0);
    closers.push(endpoint.close);
    const profile = { display_name: `target ${index}`, endpoint_url: endpoint.url };
    const { agent, client, webhookSecret } = await register(connection, profile);
    own = { agentId: agent.agent_id, secret: webhookSecret };
    await client.depositCredits({ amount: PURSE });
    const greetingId = await greeted.promise;
    if (isDead) await endpoint.close();
    return { agentId: agent.agent_id, client, isDead, greetingId };
  };
  const close = () => {
    for (const closeOne of closers) void closeOne();
  };
  const all: StormTarget[] = [];
  try {
    for (let index = 0; index < count; index += 1) all.push(await openOne(index));
  } catch (error) {
    close();
    throw error;
  }
  return { all, receipts, refused, close };
}
