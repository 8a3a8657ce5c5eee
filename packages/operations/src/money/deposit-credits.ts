import { findBalance } from '@agent-registry/db';
import { deposit } from '@agent-registry/domain';
import type { Op } from '../op.ts';
import { postTransfers } from './post-transfers.ts';

/**
 * Credits an agent from the mint. Whether it may is the caller's to decide: a development deposit, or an operator's.
 *
 * @param reference unique for ever.
 * @returns the transfer's id and the balance after it, cents.
 */
export async function depositCredits(
  op: Op,
  input: { agentId: string; amount: bigint; reference?: string },
): Promise<{ transferId: string; balance: bigint }> {
  const reference = input.reference ?? `dev:${op.ids.next()}`;
  const [transferId] = await postTransfers(op, deposit(input.agentId, input.amount, reference));
  const balance = await findBalance(op.trx, { kind: 'agent', ownerId: input.agentId });
  return { transferId: transferId!, balance: balance ?? 0n };
}
