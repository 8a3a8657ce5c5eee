import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AgentClient,
  type Connection,
  register,
  verifyWebhook,
  type WebhookOf,
} from '@agent-registry/client';

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

/** Agents of one test, and the server that all of their webhooks come to, each to a path of its own. */
export async function openTown(connection: Connection): Promise<Town> {
  const agents = new Map<string, TestAgent>();
  const arrivals: Arrival[] = [];
  const refused: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const to = agents.get(request.url ?? '');
      const verified =
        to === undefined ? null : verifyWebhook({ headers: request.headers, body, secret: to.webhookSecret });
      // The ping of a registration may come before its answer, and with it the secret, has: it comes again.
      response.writeHead(to === undefined ? 503 : verified?.valid === true ? 204 : 401).end();
      if (to === undefined) return;
      if (verified?.valid !== true) refused.push(`${request.url} ${body}`);
      else {
        const text = `${request.rawHeaders.join('\n')}\n\n${body}`;
        arrivals.push({ to, deliveryId: verified.deliveryId ?? '', webhook: verified.webhook, text });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const suite = (...tests: object[]) => ({ version: '1.0', tests, pass_threshold: 'all' });

export const script = (source: string) => ({
  test_id: 'script',
  type: 'script',
  params: { runtime: 'javascript', script: Buffer.from(source).toString('base64') },
});
