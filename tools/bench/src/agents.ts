import { randomInt } from 'node:crypto';
import { type AgentClient, type Profile, register } from '@agent-registry/client';
import { parsePrivateKey, signRequest } from '@agent-registry/signing';
import type { HttpRequest } from './load.ts';
import type { StackUnderTest } from './stack-under-test.ts';

const REGISTERED_AT_ONCE = 8;

/** An agent of the load. */
export interface LoadAgent {
  readonly id: string;
  readonly privateKey: string;
  readonly client: AgentClient;
  /** A request signed now (AgentSig, a nonce included). */
  sign(method: string, path: string, content?: object): HttpRequest;
}

/** Registers so many agents. */
export async function registerAgents(
  stack: StackUnderTest,
  names: readonly string[],
  profileOf: (index: number) => Partial<Profile> = () => ({}),
): Promise<LoadAgent[]> {
  const agents: LoadAgent[] = [];
  let next = 0;
  const registrar = async () => {
    while (next < names.length) {
      const index = next++;
      agents[index] = await registerAgent(stack, { display_name: names[index]!, ...profileOf(index) });
    }
  };
  await Promise.all(Array.from({ length: REGISTERED_AT_ONCE }, registrar));
  return agents;
}

async function registerAgent(stack: StackUnderTest, profile: Profile): Promise<LoadAgent> {
  const { agent, keys, client } = await register({ baseUrl: stack.apiUrl }, profile);
  const { privateKey } = keys;
  const signingKey = parsePrivateKey(privateKey);
  const sign = (method: string, path: string, content?: object): HttpRequest => {
    const body = content === undefined ? '' : JSON.stringify(content);
    const headers = signRequest({
      agentId: agent.agent_id,
      privateKey: signingKey,
      method,
      path,
      body: Buffer.from(body),
      timestamp: timestampNow(),
    });
    return { method, path, headers, ...(content === undefined ? {} : { body }) };
  };
  return { id: agent.agent_id, privateKey, client, sign };
}

/** Digits below the millisecond tell equal requests apart, which would count as one. */
function timestampNow(): string {
  return new Date().toISOString().replace('Z', `${String(randomInt(1_000_000)).padStart(6, '0')}Z`);
}

/** `count` numbered names. */
export const named = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${what} ${index}`);
