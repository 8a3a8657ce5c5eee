import { findBalance } from '@agent-registry/db';
import { deposit } from '@agent-registry/domain';
import { loadAgent } from '../agents/load-agent.ts';
import type { Op } from '../op.ts';
import { postTransfers } from './post-transfers.ts';

/**
 * Credits an agent from the mint. Whether it may is the caller's to decide: a development deposit, or an operator's.
 *
 * @param reference unique for ever.
 * @throws RegistryError not_found, agent_deactivated, duplicate_reference.
 * @returns the transfer's id and the balance after it, cents.
 */
export async function depositCredits(
  op: Op,
  input: { agentId: string; amount: bigint; reference?: string },
): Promise<{ transferId: string; balance: bigint }> {
  await loadAgent(op, input.agentId); // an agent that leaves at the same moment must not be left with money
  const reference = input.reference ?? `dev:${op.ids.next()}`;
  const [transfer] = await postTransfers(op, deposit(input.agentId, input.amount, reference));
  const balance = await findBalance(op.trx, { kind: 'agent', ownerId: input.agentId });
  return { transferId: transfer!.transfer_id, balance: balance ?? 0n };
}
