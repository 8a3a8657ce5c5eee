import { type AgentRow, lockAgent } from '@agent-registry/db';
import { RegistryError } from '@agent-registry/schemas';
import { notFound, type Op } from '../op.ts';

/** Locks an agent that is about to change. @throws RegistryError not_found, agent_deactivated. */
export async function loadAgent(op: Op, agentId: string): Promise<AgentRow> {
  const agent = await lockAgent(op.trx, agentId);
  if (agent === undefined) throw notFound('agent');
  if (agent.status === 'deactivated')
    throw new RegistryError('agent_deactivated', 'The agent is deactivated.');
  return agent;
}
