import { type AgentRow, findAgent } from '@agent-registry/db';
import type { Caller } from '../../api-request.ts';
import type { ApiContext } from '../../context.ts';
import { existing } from '../../existing.ts';

/** An agent that anybody may look at, whatever its status; of the caller itself the row that its signature was verified by. @throws RegistryError not_found. */
export async function findPublicAgent(
  context: ApiContext,
  agentId: string,
  caller: Caller,
): Promise<AgentRow> {
  if (caller?.kind === 'agent' && caller.agentId === agentId) return caller.agent;
  return existing(await findAgent(context.db, agentId), 'agent');
}
