import { type AgentRow, lockAgent, lockAgentAndKey } from '@agent-registry/db';
import { type ErrorCode, RegistryError } from '@agent-registry/schemas';
import { notFound, type Op } from '../op.ts';

/** Locks an agent that is about to change itself. @throws RegistryError not_found, agent_deactivated. */
export function loadAgent(op: Op, agentId: string): Promise<AgentRow> {
  return lockPresent(op, agentId, 'agent_deactivated');
}

/** The same for an agent whose key is to change. @throws RegistryError not_found, agent_deactivated. */
export function loadAgentAndKey(op: Op, agentId: string): Promise<AgentRow> {
  return lockPresent(op, agentId, 'agent_deactivated', lockAgentAndKey);
}

/** Locks an agent that an operator is about to change. @throws RegistryError not_found, invalid_state. */
export function loadGovernedAgent(op: Op, agentId: string): Promise<AgentRow> {
  return lockPresent(op, agentId, 'invalid_state');
}

/** The same for an agent whose key is to change. @throws RegistryError not_found, invalid_state. */
export function loadGovernedAgentAndKey(op: Op, agentId: string): Promise<AgentRow> {
  return lockPresent(op, agentId, 'invalid_state', lockAgentAndKey);
}

async function lockPresent(
  op: Op,
  agentId: string,
  ifGone: ErrorCode,
  lock: typeof lockAgent = lockAgent,
): Promise<AgentRow> {
  const agent = await lock(op.trx, agentId);
  if (agent === undefined) throw notFound('agent');
  if (agent.status === 'deactivated') throw new RegistryError(ifGone, 'The agent is deactivated.');
  return agent;
}
