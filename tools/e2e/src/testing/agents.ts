import {
  type AgentClient,
  type Connection,
  register,
  verifyWebhook,
  type WebhookOf,
} from '@agent-registry/client';
import { openEndpoint } from './endpoint.ts';

export interface TestAgent {
  readonly name: string;
  readonly agentId: string;
  readonly client: AgentClient;
  readonly webhookSecret: string;
}

export interface Arrival {
  readonly to: TestAgent;
  readonly deliveryId: string;
  readonly webhook: WebhookOf;
  /** The request as it came: header names and values, and the body. */
  readonly text: string;
}

export interface Town {
  /** Registers an agent whose webhooks come to this process. */
  settle(name: string): Promise<TestAgent>;
  /** Every delivery that came and verified, repetitions included. */
  readonly arrivals: readonly Arrival[];
  /** Deliveries that did not verify. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/** The agents of one test, and the webhook receiver that they share, each with its own path. */
export async function openTown(connection: Connection): Promise<Town> {
  const agents = new Map<string, TestAgent>();
  const arrivals: Arrival[] = [];
  const refused: string[] = [];
  const { url: origin, close } = await openEndpoint(({ url = '', headers, rawHeaders }, body, answer) => {
    const to = agents.get(url);
    // The ping of a registration may come before its answer, and with it the secret, has: it comes again.
    if (to === undefined) return answer(503);
    const verified = verifyWebhook({ headers, body, secret: to.webhookSecret });
    answer(verified.valid ? 204 : 401);
    if (!verified.valid) return void refused.push(`${url} ${body}`);
    const text = `${rawHeaders.join('\n')}\n\n${body}`;
    arrivals.push({ to, deliveryId: verified.deliveryId ?? '', webhook: verified.webhook, text });
  });
  return {
    arrivals,
    refused,
    settle: async (name) => {
      const path = `/${name}`;
      const profile = { display_name: name, endpoint_url: `${origin}${path}` };
      const { agent, client, webhookSecret } = await register(connection, profile);
      const settled = { name, agentId: agent.agent_id, client, webhookSecret };
      agents.set(path, settled);
      return settled;
    },
    close,
  };
}

export const suite = (...tests: object[]) => ({ version: '1.0', tests, pass_threshold: 'all' });

export const script = (source: string) => ({
  test_id: 'script',
  type: 'script',
  params: { runtime: 'javascript', script: Buffer.from(source).toString('base64') },
});
