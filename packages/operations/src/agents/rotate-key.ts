import { type AgentRow, updateAgentRow } from '@agent-registry/db';
import { fieldRefusal } from '@agent-registry/schemas';
import { rotationMessage, verifyRequest } from '@agent-registry/signing';
import type { Op } from '../op.ts';
import { loadAgentAndKey } from './load-agent.ts';
import { assertKey, claimKey, logKey, refuseTakenKey } from './register-agent.ts';

/**
 * Replaces an agent's key with one it proves to hold; the old one is dead at once, and so is a replacement that an operator
 * had announced. An agent that named the new key and never proved to hold it gives way, as it does to a registration.
 *
 * @param input.proof hex signature by the new key over `rotate:<agent_id>:<new_public_key>`.
 * @throws RegistryError not_found, public_key_taken, validation_failed; money_held by the agent that would give way.
 */
export async function rotateKey(
  op: Op,
  input: { agentId: string; newPublicKey: string; proof: string },
): Promise<AgentRow> {
  assertKey(input.newPublicKey, 'new_public_key');
  const message = rotationMessage(input.agentId, input.newPublicKey);
  if (!verifyRequest({ publicKey: input.newPublicKey, signature: input.proof.toLowerCase(), message })) {
    throw fieldRefusal('proof', 'must be the new key’s signature over rotate:<agent_id>:<new_public_key>');
  }
  const agent = await loadAgentAndKey(op, input.agentId);
  if (input.newPublicKey === agent.public_key)
    throw fieldRefusal('new_public_key', 'must differ from the key in force');
  await claimKey(op, input.newPublicKey, agent.agent_id);
  const [key, previous] = [input.newPublicKey, agent.public_key];
  logKey(op, { agentId: agent.agent_id, key, previous, reason: 'rotated' });
  return refuseTakenKey(
    updateAgentRow(op.trx, agent.agent_id, {
      public_key: input.newPublicKey,
      pending_public_key: null,
      pending_key_at: null,
      // Noted here and not only off the request's path: else the next claim of the key would find it unproven.
      proven_at: agent.proven_at ?? op.now,
      updated_at: op.now,
    }),
  );
}
