import { type AgentRow, updateAgentRow } from '@agent-registry/db';
import { type AgentStatus, RegistryError } from '@agent-registry/schemas';
import { loadGovernedAgent, loadGovernedAgentAndKey } from '../agents/load-agent.ts';
import { assertKey, assertKeyFree, refuseTakenKey } from '../agents/register-agent.ts';
import { syncListings } from '../agents/update-agent.ts';
import { emit } from '../emit.ts';
import type { Op } from '../op.ts';

/** How long an agent has to object before an operator's new key takes effect. */
const KEY_REPLACEMENT_DELAY_MS = 24 * 3_600_000;

/**
 * Stops an agent's requests; its timers and settlements go on.
 *
 * @param input.reason what the agent is told, if anything.
 * @throws RegistryError not_found, invalid_state.
 */
export async function suspendAgent(
  op: Op,
  { agentId, reason }: { agentId: string; reason: string | null },
): Promise<AgentRow> {
  const suspended = await changeStatus(op, agentId, 'active', {
    status: 'suspended',
    suspension_reason: reason,
  });
  emit(op, 'agent.suspended', null, { reason }, [agentId]);
  return suspended;
}

/** Ends a suspension. @throws RegistryError not_found, invalid_state. */
export async function reinstateAgent(op: Op, { agentId }: { agentId: string }): Promise<AgentRow> {
  const active = await changeStatus(op, agentId, 'suspended', { status: 'active', suspension_reason: null });
  emit(op, 'agent.reinstated', null, {}, [agentId]);
  return active;
}

async function changeStatus(
  op: Op,
  agentId: string,
  from: AgentStatus,
  to: Pick<AgentRow, 'status' | 'suspension_reason'>,
): Promise<AgentRow> {
  const agent = await loadGovernedAgent(op, agentId);
  if (agent.status !== from) throw new RegistryError('invalid_state', `The agent is ${agent.status}.`);
  const changed = await updateAgentRow(op.trx, agentId, { ...to, updated_at: op.now });
  await syncListings(op, changed);
  return changed;
}

/**
 * Announces a new key for an agent that lost its own: in force after 24 hours, and the agent is told, so that one whose key
 * is not lost can rotate it and end this.
 *
 * @throws RegistryError not_found, public_key_taken, validation_failed.
 */
export async function replaceKey(
  op: Op,
  input: { agentId: string; newPublicKey: string },
): Promise<AgentRow> {
  assertKey(input.newPublicKey, 'new_public_key');
  const agent = await loadGovernedAgentAndKey(op, input.agentId);
  if (agent.pending_public_key !== null) {
    throw new RegistryError(
      'invalid_state',
      `A new key is announced for ${agent.pending_key_at?.toISOString()}.`,
    );
  }
  await assertKeyFree(op, input.newPublicKey, null);
  const effectiveAt = new Date(op.now.getTime() + KEY_REPLACEMENT_DELAY_MS);
  const announced = await refuseTakenKey(
    updateAgentRow(op.trx, agent.agent_id, {
      pending_public_key: input.newPublicKey,
      pending_key_at: effectiveAt,
      updated_at: op.now,
    }),
  );
  const data = { new_public_key: input.newPublicKey, effective_at: effectiveAt.toISOString() };
  emit(op, 'agent.key_replacement', null, data, [agent.agent_id]);
  return announced;
}
