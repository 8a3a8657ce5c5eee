import { findBalance, lockAgent, lockFees, sumFees } from '@agent-registry/db';
import { feeWithdrawal, withdrawal } from '@agent-registry/domain';
import { formatCents, RegistryError } from '@agent-registry/schemas';
import { loadGovernedAgent } from '../agents/load-agent.ts';
import { depositCredits } from '../money/deposit-credits.ts';
import { postTransfers } from '../money/post-transfers.ts';
import { notFound, type Op } from '../op.ts';

export interface Moved {
  readonly transferId: string;
  readonly reference: string;
  readonly amount: bigint;
  /** Cents on the agent's account, or in fees, afterwards. */
  readonly balance: bigint;
}

interface AgentMove {
  readonly agentId: string;
  readonly amount: bigint;
  readonly reference: string;
}

/** A reference of an operator's as the ledger has it. */
export const operatorReference = (reference: string) => `operator:${reference}`;

/** Credits an agent for money received. @throws RegistryError not_found, invalid_state, duplicate_reference. */
export async function operatorDeposit(op: Op, input: AgentMove): Promise<Moved> {
  await loadGovernedAgent(op, input.agentId);
  const done = await depositCredits(op, { ...input, reference: operatorReference(input.reference) });
  return { ...done, reference: input.reference, amount: input.amount };
}

/**
 * Debits an agent for money paid out, also one that left: whatever it owns is its owner's.
 *
 * @throws RegistryError not_found, duplicate_reference, insufficient_funds.
 */
export async function operatorWithdraw(op: Op, input: AgentMove): Promise<Moved> {
  if ((await lockAgent(op.trx, input.agentId)) === undefined) throw notFound('agent');
  const [transfer] = await postTransfers(
    op,
    withdrawal(input.agentId, input.amount, operatorReference(input.reference)),
  );
  const balance = await findBalance(op.trx, { kind: 'agent', ownerId: input.agentId });
  return {
    transferId: transfer!.transfer_id,
    reference: input.reference,
    amount: input.amount,
    balance: balance ?? 0n,
  };
}

/** Takes collected fees out, no more than there are. @throws RegistryError duplicate_reference, insufficient_funds. */
export async function operatorWithdrawFees(
  op: Op,
  input: { amount: bigint; reference: string },
): Promise<Moved> {
  await lockFees(op.trx);
  const fees = await sumFees(op.trx);
  if (fees < input.amount) {
    throw new RegistryError('insufficient_funds', `The fees collected are ${formatCents(fees)}.`);
  }
  const [transfer] = await postTransfers(op, feeWithdrawal(input.amount, operatorReference(input.reference)));
  return {
    transferId: transfer!.transfer_id,
    reference: input.reference,
    amount: input.amount,
    balance: fees - input.amount,
  };
}
