import { type AgentRow, findAgent } from '@agent-registry/db';
import { RegistryError } from '@agent-registry/schemas';
import type { Caller } from '../../api-request.ts';
import type { ApiContext } from '../../context.ts';

/** An agent that anybody may look at, whatever its status; of the caller itself the row that its signature was verified by. @throws RegistryError not_found. */
export async function findPublicAgent(
  context: ApiContext,
  agentId: string,
  caller: Caller,
): Promise<AgentRow> {
  if (caller?.kind === 'agent' && caller.agentId === agentId) return caller.agent;
  const agent = await findAgent(context.db, agentId);
  if (agent === undefined) throw new RegistryError('not_found', 'There is no such agent.');
  return agent;
}
