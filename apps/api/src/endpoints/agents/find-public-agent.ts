import { type AgentRow, findAgent } from '@agent-registry/db';
import { RegistryError } from '@agent-registry/schemas';
import type { ApiContext } from '../../context.ts';

/** An agent that anybody may look at, whatever its status. @throws RegistryError not_found. */
export async function findPublicAgent(context: ApiContext, agentId: string): Promise<AgentRow> {
  const agent = await findAgent(context.db, agentId);
  if (agent === undefined) throw new RegistryError('not_found', 'There is no such agent.');
  return agent;
}
