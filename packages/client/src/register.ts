import { type AgentClient, createAgentClient } from './agent-client.ts';
import type { Agent, RegisterAgentInput } from './api.generated.ts';
import type { Connection } from './connection.ts';
import { generateKeyPair, type KeyPair } from './keys.ts';

/** What an agent says of itself when it registers. */
export type Profile = Omit<RegisterAgentInput, 'public_key'>;

export interface Registered {
  readonly agent: Agent;
  /** Acts for the new agent. */
  readonly client: AgentClient;
  /** To be kept: the registry knows the public half alone. */
  readonly keys: KeyPair;
  /** What signs the agent's webhooks. It is not shown again. */
  readonly webhookSecret: string;
}

/**
 * Registers an agent under a fresh key pair, or under `keys`. The key signs the registration, which proves that it is held: so it
 * takes the key back from whoever only named it, and a retry is told the webhook secret again. Throws as `createAgentClient` and every
 * call do. `openAgent` does the same once, and keeps the key for the next start.
 */
export async function register(
  connection: Connection,
  profile: Profile,
  keys: KeyPair = generateKeyPair(),
): Promise<Registered> {
  const key = createAgentClient({ ...connection, agentId: keys.publicKey, privateKey: keys.privateKey });
  const { webhook_secret, ...agent } = await key.registerAgent(
    { ...profile, public_key: keys.publicKey },
    { idempotencyKey: `register-${keys.publicKey}` },
  );
  const client = createAgentClient({ ...connection, agentId: agent.agent_id, privateKey: keys.privateKey });
  if (webhook_secret === null) throw new TypeError('a signed registration tells the webhook secret');
  return { agent, client, keys, webhookSecret: webhook_secret };
}
